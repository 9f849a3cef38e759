import Coordination
import Testing

@testable import Emulator

@Suite("Uniform scaling")
struct UniformScalingTests {
    private static let now: Int64 = 1_800_000_000_000

    private func streams(shards: Int) throws -> Streams {
        var streams = Streams(accountID: "000000000000", region: "us-east-1")
        _ = try streams.create("s", shardCount: shards, mode: .provisioned, recordKibibytes: 1_024, at: Self.now)
        return streams
    }

    /// The open shards are what CreateStream would make, and every shard's children together have its range.
    private func check(_ streams: Streams, count: Int) throws {
        let stream = try streams.stream("s", at: Self.now)
        #expect(stream.openShards.map(\.hashRange) == HashRange.all.divided(into: count))
        for shard in stream.shards where !shard.isOpen {
            let children = stream.children(of: shard)
            #expect(!children.isEmpty && children.count <= 2)
            #expect(children.allSatisfy { $0.createdAt > shard.createdAt })
            #expect(children.contains { $0.hashRange.contains(shard.hashRange.start) })
            #expect(children.contains { $0.hashRange.contains(shard.hashRange.end) })
        }
    }

    @Test(
        "Any count from half to double is reached, whatever the count before",
        arguments: [1, 2, 3, 5, 8, 13], [50, 66, 75, 100, 125, 150, 175, 200])
    func counts(before: Int, percent: Int) throws {
        let target = max((before + 1) / 2, before * percent / 100)
        var streams = try streams(shards: before)
        _ = try streams.scale("s", to: target, at: Self.now + 5)
        try check(streams, count: target)
    }

    @Test("Doubling makes two shards of each, halving one of two; the same count makes none")
    func shortestWay() throws {
        #expect(UniformScaling(from: HashRange.all.divided(into: 4), toCount: 8).steps.count == 4)
        #expect(UniformScaling(from: HashRange.all.divided(into: 4), toCount: 2).steps.count == 2)
        #expect(UniformScaling(from: HashRange.all.divided(into: 4), toCount: 4).steps.isEmpty)
    }

    @Test("Shards that were split unevenly are evened out")
    func uneven() throws {
        var streams = try streams(shards: 2)
        _ = try streams.split("s", shard: "shardId-000000000000", at: 7, now: Self.now + 1)
        _ = try streams.split("s", shard: "shardId-000000000003", at: 9, now: Self.now + 2)
        _ = try streams.scale("s", to: 3, at: Self.now + 3)
        try check(streams, count: 3)
    }

    @Test("A chain of scalings keeps the lineage whole")
    func chain() throws {
        var streams = try streams(shards: 3)
        for (step, target) in [6, 4, 7, 14, 9, 5, 3].enumerated() {
            _ = try streams.scale("s", to: target, at: Self.now + Int64(step))
            try check(streams, count: target)
        }
    }

    @Test("Thousands of shards double in a moment")
    func large() throws {
        var streams = try streams(shards: 4_000)
        let outcome = try streams.scale("s", to: 8_000, at: Self.now + 1)
        #expect(outcome.closed.count == 4_000)
        #expect(try streams.stream("s", at: Self.now).openShardCount == 8_000)
    }
}
