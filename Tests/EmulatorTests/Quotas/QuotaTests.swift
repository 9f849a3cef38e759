import NIOHTTP1
import Records
import Testing

@testable import Emulator

@Suite("Quotas")
struct QuotaTests {
    private func time(_ seconds: Double) -> MonotonicTime { MonotonicTime(nanoseconds: Int64(seconds * 1e9)) }

    @Test("A flood of one shard gets 1,000 records a second, within 1 %, over its first ten seconds")
    func recordFlood() {
        var quotas = Quotas()
        var taken = 0
        for tick in 0..<10_000 {
            for _ in 0..<5 where quotas.write(shard: 1, bytes: 100, now: time(Double(tick) / 1_000)) { taken += 1 }
        }
        #expect((9_900...10_100).contains(taken), "\(taken)")
    }

    @Test("A flood of one shard gets 1 MiB a second")
    func byteFlood() {
        var quotas = Quotas()
        var taken = 0
        for tick in 0..<10_000 where quotas.write(shard: 1, bytes: 10_240, now: time(Double(tick) / 1_000)) { taken += 10_240 }
        let fromTheStart = 1_048_576.0
        #expect(abs(Double(taken) - fromTheStart - 10 * 1_048_576) < 0.02 * 10 * 1_048_576, "\(taken)")
    }

    @Test("One whole PutRecords passes at once, and shards do not share their limits")
    func burst() {
        var quotas = Quotas()
        for shard: Int64 in 1...3 {
            let taken = (0..<501).map { _ in quotas.write(shard: shard, bytes: 10, now: time(0)) }
            #expect(taken == Array(repeating: true, count: 500) + [false])
        }
    }

    @Test("A record of 10 MiB passes, and its debt is paid at 1 MiB a second")
    func largeRecord() {
        var quotas = Quotas()
        let taken = [
            quotas.write(shard: 1, bytes: 10 << 20, now: time(0)), quotas.write(shard: 1, bytes: 1, now: time(8.9)),
            quotas.write(shard: 1, bytes: 1, now: time(9.1)),
        ]
        #expect(taken == [true, false, true])
    }

    @Test("A shard is read five times a second")
    func reads() {
        var quotas = Quotas()
        let now = (0..<10).map { _ in quotas.read(shard: 1, now: time(0)) }
        #expect(now == Array(repeating: true, count: 5) + Array(repeating: false, count: 5))
        let later = [quotas.read(shard: 1, now: time(0.19)), quotas.read(shard: 1, now: time(0.2))]
        #expect(later == [false, true])
    }

    @Test("A reply of 10 MiB keeps the shard from being read for 5 s, others not at all")
    func largeReply() {
        var quotas = Quotas()
        let first = quotas.read(shard: 1, now: time(100))
        quotas.gave(shard: 1, bytes: 10 << 20)
        let early = quotas.read(shard: 1, now: time(104.99))
        let other = quotas.read(shard: 2, now: time(104.99))
        let late = quotas.read(shard: 1, now: time(105))
        #expect([first, early, other, late] == [true, false, true, true])
    }

    @Test("Small replies are given at 2 MiB a second")
    func readBytes() {
        var quotas = Quotas()
        var given = 0
        for tick in 0..<100 where quotas.read(shard: 1, now: time(Double(tick) / 10)) {
            quotas.gave(shard: 1, bytes: 1 << 20)
            given += 1 << 20
        }
        #expect(abs(given - 22 << 20) <= 2 << 20, "\(given)")
    }

    @Test(
        "Actions have rates of their own, by account or by stream",
        arguments: [
            ("DescribeStream", 10, false), ("DescribeStreamSummary", 20, false), ("ListShards", 1_000, true), ("DescribeLimits", 1, false),
        ]
    )
    func calls(operation: String, rate: Int, isPerStream: Bool) {
        var quotas = Quotas()
        let calls = (0...rate).map { _ in quotas.call(operation, stream: "a", now: time(0)) }
        #expect(calls == Array(repeating: true, count: rate) + [false])
        let (other, later) = (quotas.call(operation, stream: "b", now: time(0)), quotas.call(operation, stream: "a", now: time(1)))
        #expect(other == isPerStream)
        #expect(later)
    }

    @Test("UpdateShardCount may be called ten times a day")
    func daily() {
        var quotas = Quotas()
        let calls = ([Double](repeating: 0, count: 10) + [3_600, 8_641]).map { quotas.call("UpdateShardCount", stream: "a", now: time($0)) }
        #expect(calls == Array(repeating: true, count: 10) + [false, true])
    }

    @Test("Records beyond the rate fail inside a PutRecords that succeeds, with AWS's sentence")
    func partialFailure() async throws {
        let service = TestService(quotas: true)
        try await service.call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}")
        let first = try await service.put((0..<400).map(String.init))
        #expect(first["FailedRecordCount"] == .int(0))
        let second = try await service.put((0..<400).map(String.init))
        #expect(second["FailedRecordCount"] == .int(300))
        let failed = try #require(second["Records"].elements.last)
        #expect(failed["ErrorCode"].text == "ProvisionedThroughputExceededException")
        #expect(failed["ErrorMessage"].text == "Rate exceeded for shard shardId-000000000000 in stream s under account 000000000000.")
        #expect(failed["SequenceNumber"] == .null)
        let single = await service.reply("PutRecord", "{\"StreamName\":\"s\",\"PartitionKey\":\"k\",\"Data\":\"\"}")
        #expect(single.status == .badRequest)
        #expect(String(decoding: single.body, as: UTF8.self).contains("ProvisionedThroughputExceededException"))
        #expect(try await service.readAll(0).keys.count == 500)
    }

    @Test("Reads, iterators and descriptions beyond their rates are refused with AWS's codes")
    func refusals() async throws {
        let service = TestService(quotas: true)
        try await service.call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}")
        let iterator = try await service.iterator()["ShardIterator"]
        for _ in 0..<5 { #expect(try await service.read(iterator)["MillisBehindLatest"] == .int(0)) }
        #expect(try await service.read(iterator)["__type"].text == "ProvisionedThroughputExceededException")
        for _ in 0..<4 { #expect(try await service.iterator()["ShardIterator"] != .null) }
        #expect(try await service.iterator()["__type"].text == "ProvisionedThroughputExceededException")
        for _ in 0..<10 { #expect(try await service.call("DescribeStream", "{\"StreamName\":\"s\"}")["__type"] == .null) }
        #expect(try await service.call("DescribeStream", "{\"StreamName\":\"s\"}")["__type"].text == "LimitExceededException")
        service.advance(milliseconds: 1_000)
        #expect(try await service.call("DescribeStream", "{\"StreamName\":\"s\"}")["__type"] == .null)
        #expect(try await service.read(iterator)["MillisBehindLatest"] == .int(0))
    }

    @Test("Without quotas nothing is limited")
    func unlimited() async throws {
        let service = TestService()
        try await service.call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}")
        for _ in 0..<4 { #expect(try await service.put((0..<500).map(String.init))["FailedRecordCount"] == .int(0)) }
        for _ in 0..<50 { #expect(try await service.call("DescribeStream", "{\"StreamName\":\"s\"}")["__type"] == .null) }
    }
}
