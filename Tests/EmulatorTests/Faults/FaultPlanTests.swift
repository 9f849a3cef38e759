import Records
import Testing

@testable import Emulator

@Suite("Fault decisions")
struct FaultPlanTests {
    private func time(_ seconds: Double) -> MonotonicTime { MonotonicTime(nanoseconds: Int64(seconds * 1e9)) }
    private let read = RequestTarget(operation: "GetRecords", stream: "s", shards: ["shardId-000000000000"])

    private func decisions(_ rules: String, seed: Int = 1, _ targets: [RequestTarget], at moment: MonotonicTime = .zero) throws
        -> [[FaultEffect]]
    {
        var plan = FaultPlan(try faults("{seed: \(seed), faults: [\(rules)]}"), now: .zero)
        return targets.map { plan.decide($0, now: moment).map(\.effect) }
    }

    @Test("Every third request means the third, the sixth and so on")
    func every() throws {
        let hits = try decisions("{operation: GetRecords, every: 3, effect: empty}", Array(repeating: read, count: 7)).map(\.isEmpty)
        #expect(hits == [true, true, false, true, true, false, true])
    }

    @Test("A probability is met over many requests; 0 is never and 1 always")
    func probability() throws {
        func hits(_ probability: String) throws -> Int {
            try decisions("{operation: \"*\", probability: \(probability), effect: empty}", Array(repeating: read, count: 10_000))
                .count { !$0.isEmpty }
        }
        #expect(abs(try hits("0.2") - 2_000) < 200)
        #expect(try hits("0") == 0)
        #expect(try hits("1") == 10_000)
    }

    @Test("The same seed gives the same faults, another seed others")
    func seeds() throws {
        let rules = "{operation: GetRecords, probability: 0.5, effect: empty}"
        let targets = Array(repeating: read, count: 64)
        #expect(try decisions(rules, seed: 7, targets) == decisions(rules, seed: 7, targets))
        #expect(try decisions(rules, seed: 7, targets) != decisions(rules, seed: 8, targets))
    }

    @Test("What one rule is not about changes nothing for it")
    func independence() throws {
        let rule = "{operation: GetRecords, probability: 0.5, effect: empty}"
        let other = RequestTarget(operation: "ListShards", stream: "s")
        let plain = try decisions(rule, Array(repeating: read, count: 32))
        let mixed = try decisions(rule, (0..<32).flatMap { _ in [other, read] })
        #expect(stride(from: 1, to: 64, by: 2).map { mixed[$0] } == plain)
    }

    @Test("A rule is about its operations, its stream and its shard alone, and about what its effect can happen to")
    func matching() throws {
        let second = RequestTarget(operation: "GetRecords", stream: "t", shards: ["shardId-000000000001"])
        let list = RequestTarget(operation: "ListShards", stream: "s")
        func hits(_ rule: String) throws -> [Bool] { try decisions(rule, [read, second, list]).map { !$0.isEmpty } }
        #expect(try hits("{operation: \"*\", effect: {latency: 1s}}") == [true, true, true])
        #expect(try hits("{operation: [ListShards, PutRecords], effect: {latency: 1s}}") == [false, false, true])
        #expect(try hits("{operation: \"*\", stream: s, effect: {latency: 1s}}") == [true, false, true])
        #expect(try hits("{operation: \"*\", shard: shardId-000000000001, effect: {latency: 1s}}") == [false, true, false])
        #expect(try hits("{operation: \"*\", effect: stale}") == [false, false, true])
    }

    @Test("A rule begins after, and ends with until", arguments: [(0.0, false), (9.9, false), (10, true), (59.9, true), (60, false)])
    func window(seconds: Double, isHit: Bool) throws {
        let hits = try decisions("{operation: \"*\", after: 10s, until: 60s, effect: empty}", [read], at: time(seconds))
        #expect(!hits[0].isEmpty == isHit)
    }

    @Test("Latencies add up, and the first of what can only happen once counts")
    func combination() throws {
        var plan = FaultPlan(
            try faults(
                """
                faults:
                  - {operation: "*", effect: {latency: 1s}}
                  - {operation: "*", effect: {cut: after}}
                  - {operation: "*", effect: {error: InternalFailure}}
                  - {operation: "*", effect: {latency: 500ms}}
                """), now: .zero)
        let result = RequestFaults(plan.decide(read, now: .zero))
        #expect(result.latency == .milliseconds(1_500))
        #expect(result.outcome == .cut(.after))
    }

    @Test("A fraction of the records fails, the same ones for the same seed, and only on the named shard")
    func records() throws {
        func refused(_ more: String, _ shards: [String]) throws -> [Int: String] {
            var plan = FaultPlan(
                try faults("faults: [{operation: PutRecords, \(more)effect: {fail_records: {fraction: 0.25, code: InternalFailure}}}]"),
                now: .zero)
            let target = RequestTarget(operation: "PutRecords", stream: "s", shards: Set(shards))
            return RequestFaults(plan.decide(target, now: .zero)).refused(shards)
        }
        let shards = (0..<1_000).map { ShardState.id($0 % 2) }
        let all = try refused("", shards)
        #expect(abs(all.count - 250) < 50)
        #expect(Set(all.values) == ["InternalFailure"])
        #expect(try refused("", shards) == all)
        let one = try refused("shard: shardId-000000000001, ", shards)
        #expect(!one.isEmpty)
        #expect(one.keys.allSatisfy { $0 % 2 == 1 })
    }
}
