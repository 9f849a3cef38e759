import Coordination
import Kinesis
import Leasing
import Processors
import Records
import Testing

@testable import Components
@testable import Kinesis

@Suite("The pages of a shard")
struct PageDecoderTests {
    private func record(_ data: [UInt8], _ sequence: UInt64) -> KinesisRecord {
        KinesisRecord(data: data, partitionKey: "outer", sequenceNumber: SequenceNumber(sequence), arrivedAt: 5)
    }

    private func aggregate(_ texts: [String]) throws -> [UInt8] {
        var aggregation = Aggregation<[Int]>(try #require(.builtIn(named: "kpl_string")))
        for (index, text) in texts.enumerated() {
            _ = try aggregation.add(SharedBytes(Array(text.utf8)), item: index, partitionKey: "key-\(text)")
        }
        return try #require(aggregation.flush().first).data.bytes
    }

    private func items(
        _ records: [KinesisRecord], _ processor: ProcessorSpec = .string, resumedAfter: (sequence: SequenceNumber, subSequence: Int)? = nil
    ) async throws -> [ReadItem] {
        let collector = Collector()
        let decoder = PageDecoder(source: "in", stream: "s", processor: processor, receiver: collector)
        let page = ShardPage(shard: "shard-1", records: records, resumedAfter: resumedAfter, progress: ShardProgress(from: .trimHorizon))
        try await decoder.receive(page)
        return collector.items
    }

    private func position(_ sequence: UInt64, _ sub: Int? = nil) -> Position { .sequence(SequenceNumber(sequence), subSequence: sub) }

    @Test("nothing in a record's data is taken for a message of the agent's own")
    func noSignalsInBand() async throws {
        let data = #"{"__CHECKPOINT__":{"ShardId":"shard-1","SequenceNumber":"99"}}"#
        let items = try await items([record(Array(data.utf8), 7)], .json)
        #expect(items.map(\.position) == [position(7)])
        #expect(items.first?.failure == nil)
        #expect(items.first?.record.origin.raw == ArraySlice(Array(data.utf8)))
    }

    @Test("open KPL aggregates: each record has its own key, place and position")
    func aggregates() async throws {
        let items = try await items([record(aggregate(["a", "b", "c"]), 7), record(Array("plain".utf8), 8)])
        #expect(items.map(\.position) == [position(7, 0), position(7, 1), position(7), position(8)])
        #expect(items.map(\.record.origin.partitionKey) == ["key-a", "key-b", "key-c", "outer"])
        #expect(items.map(\.record.origin.subSequence) == [0, 1, 2, 0])
        #expect(items.map(\.record.value) == ["a", "b", "c", "plain"].map { .string($0) })
    }

    @Test("go on in the middle of the aggregate in which reading stopped, and of no other")
    func resume() async throws {
        let records = [record(try aggregate(["a", "b", "c"]), 7), record(try aggregate(["d", "e"]), 8)]
        let items = try await items(records, resumedAfter: (SequenceNumber(7), 1))
        #expect(items.map(\.record.value) == ["c", "d", "e"].map { .string($0) })
    }

    @Test("stand at a record only with the last value in it")
    func severalValues() async throws {
        let items = try await items([record(Array("1\n2\n3\n".utf8), 7)], .jsonLines)
        #expect(items.map(\.position) == [nil, nil, position(7)])
    }

    @Test("pass an undecodable record on with its bytes and place, and the others as they are")
    func undecodable() async throws {
        let items = try await items([record(Array("1".utf8), 1), record(Array("{".utf8), 2), record(Array("3".utf8), 3)], .json)
        #expect(items.map(\.failure?.code) == [nil, "invalid_json", nil])
        #expect(items[1].record.origin.raw == Array("{".utf8)[...])
        #expect(items[1].record.origin.sequence == "2")
        #expect(items[1].record.origin.place.shard == "shard-1")
        #expect(items[1].position == position(2))
    }
}
