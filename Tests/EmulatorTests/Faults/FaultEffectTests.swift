import NIOHTTP1
import Records
import Testing

@testable import Emulator

@Suite("Fault effects")
struct FaultEffectTests {
    private func service(_ rule: String) async throws -> TestService {
        let service = TestService(faults: try faults("faults: [\(rule)]"))
        try await service.call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":2}")
        return service
    }

    private let put = "{\"StreamName\":\"s\",\"PartitionKey\":\"k\",\"ExplicitHashKey\":\"0\",\"Data\":\"AA==\"}"

    @Test("Some records fail, the others are stored")
    func failRecords() async throws {
        let service = try await service("{operation: PutRecords, effect: {fail_records: {fraction: 0.5, code: InternalFailure}}}")
        let reply = try await service.put((0..<200).map(String.init), hashKey: "0")
        let failed = reply["Records"].elements.filter { $0["ErrorCode"].text == "InternalFailure" }
        #expect(reply["FailedRecordCount"] == .int(Int64(failed.count)))
        #expect((60...140).contains(failed.count))
        let stored = zip(0..<200, reply["Records"].elements).filter { $1["SequenceNumber"] != .null }.map { String($0.0) }
        #expect(try await service.readAll(0).keys == stored)
    }

    @Test("Throttled records carry AWS's sentence, and a PutRecord fails as a whole")
    func throttledRecords() async throws {
        let service = try await service("{operation: [PutRecord, PutRecords], effect: {fail_records: {fraction: 1}}}")
        let reply = try await service.put(["k"], hashKey: "0")
        #expect(
            reply["Records"].elements[0]["ErrorMessage"].text
                == "Rate exceeded for shard shardId-000000000000 in stream s under account 000000000000.")
        let single = await service.reply("PutRecord", put)
        #expect(single.status == .badRequest)
        #expect(try await service.readAll(0).keys.isEmpty)
    }

    @Test(
        "An error has the status of its code unless another is said, and nothing is done",
        arguments: [
            ("ProvisionedThroughputExceededException", 400), ("InternalFailure", 500), ("ServiceUnavailable", 503),
            ("{code: Anything, status: 418}", 418),
        ])
    func error(error: String, status: Int) async throws {
        let service = try await service("{operation: PutRecord, effect: {error: \(error)}}")
        #expect(await service.reply("PutRecord", put).status.code == UInt(status))
        #expect(try await service.readAll(0).keys.isEmpty)
    }

    @Test("Latency holds the reply back by the clock")
    func latency() async throws {
        let service = try await service("{operation: ListStreams, effect: {latency: 2s}}")
        async let reply = service.reply("ListStreams", "{}")
        await service.clock.waitForSleepers(1)
        service.advance(milliseconds: 2_000)
        #expect(await reply.status == .ok)
    }

    @Test(
        "A lost reply says nothing of whether the request was carried out",
        arguments: [("{timeout: applied}", true), ("{timeout: not_applied}", false), ("{cut: before}", false), ("{cut: after}", true)])
    func lostReply(effect: String, isApplied: Bool) async throws {
        let service = try await service("{operation: PutRecord, effect: \(effect)}")
        let answer = await service.answer("PutRecord", put)
        switch answer {
        case .silence: #expect(effect.contains("timeout"))
        case .hangUp: #expect(effect.contains("cut"))
        default: Issue.record("\(answer)")
        }
        #expect(try await service.readAll(0).keys == (isApplied ? ["k"] : []))
    }

    @Test("An empty page leaves the reader where it was, behind the tip")
    func empty() async throws {
        let service = try await service("{operation: GetRecords, every: 2, effect: empty}")
        _ = try await service.put(["a", "b"], hashKey: "0")
        let place = try await service.iterator(0)["ShardIterator"]
        let first = try await service.read(place, limit: 1)
        let second = try await service.read(first["NextShardIterator"])
        #expect(second["Records"] == .list([]))
        #expect(second["MillisBehindLatest"] != .int(0))
        let third = try await service.read(second["NextShardIterator"])
        #expect(third["Records"].elements.map { $0["PartitionKey"].text } == ["b"])
    }

    @Test("A stale view shows the shards as they were before they last changed", arguments: ["ListShards", "DescribeStream"])
    func stale(operation: String) async throws {
        let service = try await service("{operation: \"*\", after: 1s, effect: stale}")
        func shards() async throws -> [Value] {
            let reply = try await service.call(operation, "{\"StreamName\":\"s\"}")
            return (reply["Shards"] == .null ? reply["StreamDescription"]["Shards"] : reply["Shards"]).elements
        }
        let before = try await shards()
        service.advance(milliseconds: 10)
        try await service.call("SplitShard", "{\"StreamName\":\"s\",\"ShardToSplit\":\"\(ShardState.id(0))\",\"NewStartingHashKey\":\"9\"}")
        #expect(try await shards().count == 4)
        service.advance(milliseconds: 1_000)
        #expect(try await shards() == before)
    }

    @Test("The end of a shard can be told without its children")
    func omitChildren() async throws {
        let service = try await service("{operation: GetRecords, effect: omit_children}")
        service.advance(milliseconds: 10)
        try await service.call("SplitShard", "{\"StreamName\":\"s\",\"ShardToSplit\":\"\(ShardState.id(0))\",\"NewStartingHashKey\":\"9\"}")
        let last = try await service.readAll(0).last
        #expect(last["NextShardIterator"] == .null)
        #expect(last["MillisBehindLatest"] == .int(0))
        #expect(last["ChildShards"] == .null)
    }

    @Test("A rule for one shard touches records of that shard alone")
    func oneShard() async throws {
        let service = try await service("{operation: PutRecords, shard: \(ShardState.id(1)), effect: {fail_records: {fraction: 1}}}")
        #expect(try await service.put(["a"], hashKey: "0")["FailedRecordCount"] == .int(0))
        let other = String(UInt128.max)
        #expect(try await service.put(["b"], hashKey: other)["FailedRecordCount"] == .int(1))
    }
}
