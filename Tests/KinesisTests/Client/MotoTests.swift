import Coordination
import Foundation
import Logging
import Records
import Testing

@testable import Kinesis

/// Against a Kinesis that somebody else wrote: `moto_server`, whose URL the variable names.
@Suite(
    "Against moto", .enabled(if: ProcessInfo.processInfo.environment["KINESIS_AGENT_TEST_MOTO"] != nil),
    .timeLimit(.minutes(1)))
struct MotoTests {
    @Test("a stream is made, written, listed, read back and deleted")
    func roundTrip() async throws {
        let endpoint = try #require(ProcessInfo.processInfo.environment["KINESIS_AGENT_TEST_MOTO"])
        let configuration = KinesisConfiguration(region: "eu-west-1", endpoint: endpoint, credentials: testKey)
        let client = try await KinesisClient(configuration, environment: [:], logger: Logger(label: "moto"))
        let name = "stream-\(UInt64.random(in: 0 ... .max))"
        let stream = StreamIdentifier.name(name)

        try await client.createStream(name, shards: 2)
        #expect(try await client.listStreams().contains(name))
        #expect(try await client.describeStreamSummary(stream).openShards == 2)
        let shards = try await client.listShards(stream)
        #expect(shards.count == 2 && shards[0].hashRange.start == 0 && shards[1].hashRange.end == .max)

        let entries = (0..<200).map { index in
            PutEntry(data: RecordData((0..<index).map { UInt8(truncatingIfNeeded: $0 &* 7) }), partitionKey: "key \"\(index)\" é")
        }
        let results = try await client.putRecords(stream, entries)
        var stored: [String: Int] = [:]
        for case .stored(let shard, _) in results { stored[shard, default: 0] += 1 }
        #expect(stored.values.reduce(0, +) == 200 && stored.count == 2)

        var read: [String: [UInt8]] = [:]
        for shard in shards {
            let iterator = try await client.shardIterator(stream, shard: shard.id, at: .trimHorizon)
            let page = try await client.getRecords(iterator, limit: 1000, stream: stream)
            #expect(page.records.count == stored[shard.id] && page.nextIterator != nil)
            #expect(page.records.allSatisfy { $0.arrivedAt > 1_500_000_000_000 })
            for record in page.records { read[record.partitionKey] = record.data }
        }
        #expect(read == Dictionary(uniqueKeysWithValues: entries.map { ($0.partitionKey, $0.data.bytes) }))

        let arn = try #require(StreamIdentifier(try await client.describeStreamSummary(stream).arn))
        #expect(try await client.describeStream(arn).shards.count == 2)
        try await client.splitShard(arn, shard: shards[0].id, newStartingHashKey: shards[0].hashRange.end / 2)
        #expect(try await client.listShards(arn).count { $0.parent == shards[0].id } == 2)

        try await client.deleteStream(stream)
        await #expect { try await client.describeStreamSummary(stream) } throws: { ($0 as? KinesisError)?.kind == .notFound }
        await client.shutdown()
    }
}
