import Coordination
import Expressions
import Kinesis
import Leasing
import Logging
import OrderedCollections
import Processors
import Records
import Synchronization
import Testing

@testable import Components

/// A stream in memory with two shards that takes everything, unless told otherwise.
final class FakeStream: PutRecordsTransport {
    let puts = Mutex<[PutEntry]>([])
    let failure = Mutex<KinesisError?>(nil)
    /// Keeps answers back until it is open.
    let isHeld = Mutex<Latch?>(nil)

    static let middle = HashKey.max / 2

    func putRecords(_ stream: StreamIdentifier, _ entries: [PutEntry]) async throws(KinesisError) -> [PutResult] {
        if let error = failure.withLock({ $0 }) { throw error }
        puts.withLock { $0 += entries }
        await isHeld.withLock { $0 }?.wait()
        return entries.map { entry in
            let key = entry.explicitHashKey.flatMap { HashKey($0) } ?? HashKey(partitionKey: entry.partitionKey)
            return .stored(shard: key <= Self.middle ? "low" : "high", sequence: SequenceNumber(1))
        }
    }

    func openShards(_ stream: StreamIdentifier) async throws(KinesisError) -> [Shard] {
        [
            Shard(id: "low", hashRange: HashRange(start: 0, end: Self.middle), startingSequence: SequenceNumber(0)),
            Shard(id: "high", hashRange: HashRange(start: Self.middle + 1, end: .max), startingSequence: SequenceNumber(0)),
        ]
    }

    func waitForPuts(_ count: Int) async {
        while puts.withLock({ $0.count }) < count { await Task.yield() }
    }

    var records: [(key: String, text: String)] {
        puts.withLock { $0.map { ($0.partitionKey, String(decoding: $0.data.bytes, as: UTF8.self)) } }
    }
}

@Suite("The Kinesis sink")
struct StreamWriterTests {
    private let stream = FakeStream()
    private let acknowledgements = Acknowledgements()

    private func writer(
        _ processor: ProcessorSpec = .jsonLines, bufferTime: Duration = .seconds(60), key: String? = nil, hashKey: String? = nil,
        maxQueueSize: Int = 10_000, stops: Bool = false
    ) throws -> StreamWriter {
        var configuration = ProducerConfiguration()
        configuration.maxQueueSize = maxQueueSize
        configuration.bufferTime = .zero
        return StreamWriter(
            stream: try #require(StreamIdentifier("s")), transport: stream, configuration: configuration, bufferTime: bufferTime,
            encoder: RecordEncoder(
                processor: processor, partitionKey: try key.map { try Program(parsing: $0, environment: .record) },
                explicitHashKey: try hashKey.map { try Program(parsing: $0, environment: .record) }),
            context: acknowledgements.context(stops: stops))
    }

    private func run(_ writer: StreamWriter, _ records: [SinkRecord]) async throws {
        async let running: Void = writer.run()
        try await writer.write(records)
        writer.finish()
        try await running
    }

    @Test("fills one aggregate for each key, though keys come interleaved, in their order")
    func interleaved() async throws {
        let records = (0..<6).map { acknowledgements.record(.int(Int64($0)), key: $0 % 2 == 0 ? "even" : "odd") }
        try await run(writer(), records)
        #expect(stream.records.map(\.key).sorted() == ["even", "odd"])
        #expect(stream.records.first { $0.key == "even" }?.text == "0\n2\n4\n")
        #expect(stream.records.first { $0.key == "odd" }?.text == "1\n3\n5\n")
        #expect(acknowledgements.count == 6)
    }

    @Test("sends what waits once the buffer time has passed")
    func bufferTime() async throws {
        let writer = try writer(bufferTime: .milliseconds(1))
        async let running: Void = writer.run()
        try await writer.write([acknowledgements.record(.int(1), key: "k")])
        await acknowledgements.waitFor(1)
        #expect(stream.records.map(\.text) == ["1\n"])
        writer.finish()
        try await running
    }

    @Test("hands back each record that the stream can never take, and sends the rest")
    func refused() async throws {
        let huge = Value.string(String(repeating: "x", count: 2 << 20))
        let records = [
            acknowledgements.record(.int(1), key: "k"), acknowledgements.record(huge, key: "k"),
            acknowledgements.record(.int(2), key: String(repeating: "k", count: 257)), acknowledgements.record(.int(3), key: ""),
            acknowledgements.record(.int(4), key: "k"),
        ]
        try await run(writer(), records)
        #expect(acknowledgements.rejected.sorted() == ["invalid_partition_key", "invalid_partition_key", "item_too_large"])
        #expect(stream.records.map(\.text).joined() == "1\n4\n")
        #expect(acknowledgements.count == 5)
    }

    @Test("sends what came before a record that stops the pipeline, and fails with its reason")
    func stop() async throws {
        let writer = try writer(stops: true)
        let running = Task { try await writer.run() }
        try await writer.write([acknowledgements.record(.int(1), key: "k")])
        try await writer.write([acknowledgements.record(.string(String(repeating: "x", count: 2 << 20)), key: "k")])
        let failure = await #expect(throws: Failure.self) { try await running.value }
        #expect(failure?.code == "item_too_large")
        #expect(stream.records.map(\.text) == ["1\n"])
        #expect(acknowledgements.count == 1)
    }

    @Test("acknowledges each record of a batch once, whatever is refused between", arguments: ["json_lines", "json", "kpl_json"])
    func batch(processor: String) async throws {
        let huge = Value.string(String(repeating: "x", count: 2 << 20))
        let values = (0..<350).map { $0 % 50 == 7 ? huge : Value.int(Int64($0)) }
        let writer = try writer(try #require(.builtIn(named: processor)))
        async let running: Void = writer.run()
        try await writer.write(acknowledgements.batch(values) { _ in "k" })
        try await writer.write(acknowledgements.batch([.int(350)]) { _ in "k" })
        writer.finish()
        try await running
        #expect(acknowledgements.rejected == Array(repeating: "item_too_large", count: 7))
        #expect(acknowledgements.count == 351)
        let texts = stream.puts.withLock { $0.map(\.data.bytes) }.flatMap { data in
            KPL.deaggregate(data)?.map { String(decoding: $0.data, as: UTF8.self) }
                ?? String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
        }
        #expect(texts == (0...350).filter { $0 == 350 || $0 % 50 != 7 }.map(String.init))
    }

    @Test("takes keys from expressions, and hands back a record on which they fail")
    func expressions() async throws {
        let records = [Value.map(["id": .string("a")]), .map([:])].map { acknowledgements.record($0) }
        try await run(writer(.json, key: "record.id"), records)
        #expect(stream.records.map(\.key) == ["a"])
        #expect(acknowledgements.rejected == ["partition_key_failed"])
    }

    @Test("hands back a bad hash key alone, not the aggregate that it would have joined")
    func hashKey() async throws {
        let records = [Value.map(["h": .string("5")]), .map(["h": .string("-1")]), .map(["h": .string("6")])].map {
            acknowledgements.record($0, key: "k")
        }
        try await run(writer(try #require(.builtIn(named: "kpl_json")), hashKey: "record.h"), records)
        #expect(acknowledgements.rejected == ["invalid_hash_key"])
        #expect(acknowledgements.count == 3)
    }

    @Test("puts records of several keys into one KPL aggregate, and those of two shards into two")
    func kpl() async throws {
        let writer = try writer(try #require(.builtIn(named: "kpl_json")), bufferTime: .milliseconds(1))
        async let running: Void = writer.run()
        // The first record makes the shards known.
        try await writer.write([acknowledgements.record(.int(0), key: "k0")])
        await acknowledgements.waitFor(1)
        stream.puts.withLock { $0 = [] }
        // At once: by ones, some could come after the buffer time of the others.
        try await writer.write(acknowledgements.batch((1...40).map { .int($0) }) { "k\($0)" })
        writer.finish()
        try await running
        let aggregates = stream.puts.withLock { $0 }.map { KPL.deaggregate($0.data.bytes) ?? [] }
        #expect(aggregates.count == 2)
        for aggregate in aggregates {
            #expect(Set(aggregate.map { HashKey(partitionKey: $0.partitionKey) <= FakeStream.middle }).count == 1)
        }
        #expect(aggregates.map(\.count).reduce(0, +) == 40)
        #expect(acknowledgements.count == 41)
    }

    @Test("puts records without a key into KPL aggregates that belong to the shard they go to, spread over the shards")
    func keylessKPL() async throws {
        let writer = try writer(try #require(.builtIn(named: "kpl_json")), bufferTime: .milliseconds(1))
        async let running: Void = writer.run()
        var sent = 0
        // Half of the aggregates go to either shard: forty on the same one would be a wonder.
        for _ in 0..<40 {
            try await writer.write((0..<5).map { acknowledgements.record(.int(Int64($0))) })
            sent += 5
            await acknowledgements.waitFor(sent)
        }
        writer.finish()
        try await running
        let puts = stream.puts.withLock { $0 }
        #expect(acknowledgements.count == 200)
        var shards: Set<String> = []
        for put in puts {
            let shard = try #require(put.explicitHashKey.flatMap { HashKey($0) }) <= FakeStream.middle ? "low" : "high"
            shards.insert(shard)
            for user in KPL.deaggregate(put.data.bytes) ?? [] {
                #expect(user.partitionKey == "a" && user.explicitHashKey == put.explicitHashKey)
            }
        }
        #expect(shards == ["low", "high"])
    }

    @Test("keeps aggregates open while the stream is busy, however little may wait: a full queue makes them no smaller")
    func backlog() async throws {
        stream.isHeld.withLock { $0 = Latch() }
        let writer = try writer(try #require(.builtIn(named: "kpl_json")), maxQueueSize: 100)
        async let running: Void = writer.run()
        let input = (0..<1_000).map { acknowledgements.record(.int(Int64($0)), key: "k\($0 % 50)") }
        let writing = Task {
            for start in stride(from: 0, to: 1_000, by: 10) { try await writer.write(Array(input[start..<start + 10])) }
        }
        // The first aggregates are under way, and the queue fills up behind them.
        await stream.waitForPuts(2)
        for _ in 0..<1_000 { await Task.yield() }
        stream.isHeld.withLock { $0 }?.open()
        try await writing.value
        writer.finish()
        try await running
        #expect(acknowledgements.count == 1_000)
        // Without company each batch of ten would be two aggregates of five.
        #expect(stream.puts.withLock { $0.count } < 150)
    }

    @Test("compresses aggregates", arguments: Compression.allCases)
    func compressed(compression: Compression) async throws {
        let compact = try ProcessorSpec("compact", aggregator: .newline, serializer: .json, compression: compression)
        try await run(writer(compact), (0..<100).map { acknowledgements.record(.int(Int64($0)), key: "k") })
        let puts = stream.puts.withLock { $0 }
        #expect(puts.count == 1)
        #expect(try compact.decode(puts[0].data.bytes) == (0..<100).map { .int(Int64($0)) })
        #expect(acknowledgements.count == 100)
    }

    @Test("holds a processor to what the stream takes, and lets bytes be as large as it allows")
    func recordLimit() throws {
        let context = acknowledgements.context()
        let large = try ProcessorSpec("large", aggregator: .kpl, serializer: .raw, maxSize: .mebibytes(5))
        #expect(try KinesisSink.fitted(large, to: 1 << 20, context).maxSize == .mebibytes(1))
        #expect(try KinesisSink.fitted(large, to: 10 << 20, context).maxSize == .mebibytes(5))
        #expect(try KinesisSink.fitted(.raw, to: 10 << 20, context).maxSize == .mebibytes(10))
        #expect(try KinesisSink.fitted(.json, to: 10 << 20, context) == .json)
    }

    @Test("fails as the stream does, and tells later writers")
    func gone() async throws {
        stream.failure.withLock {
            $0 = KinesisError(.notFound, code: "ResourceNotFoundException", message: "no stream", operation: "PutRecords")
        }
        let writer = try writer(.json)
        let running = Task { try await writer.run() }
        try await writer.write([acknowledgements.record(.int(1), key: "k")])
        let failure = await #expect(throws: Failure.self) { try await running.value }
        #expect(failure?.code.hasPrefix("kinesis_") == true)
        #expect(acknowledgements.count == 0)
        await #expect(throws: Failure.self) { try await writer.write([acknowledgements.record(.int(2), key: "k")]) }
    }
}
