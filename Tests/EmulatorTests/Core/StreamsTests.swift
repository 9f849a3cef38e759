import Coordination
import Records
import Testing

@testable import Emulator

@Suite("Streams")
struct StreamsTests {
    private static let now: Int64 = 1_800_000_000_000

    private func streams(shards: Int = 1, delay: Int64 = 0) throws -> Streams {
        var streams = Streams(accountID: "000000000000", region: "us-east-1", stateChangeMilliseconds: delay)
        _ = try streams.create("orders", shardCount: shards, mode: .provisioned, recordKibibytes: 1_024, at: Self.now)
        return streams
    }

    @Test("Shards divide the hash space without gap or overlap", arguments: [1, 2, 3, 4, 5, 7, 100, 1_000])
    func division(count: Int) {
        let ranges = HashRange.all.divided(into: count)
        #expect(ranges.count == count)
        #expect(ranges.first?.start == .min)
        #expect(ranges.last?.end == .max)
        for (left, right) in zip(ranges, ranges.dropFirst()) { #expect(left.end + 1 == right.start) }
    }

    @Test("Four shards divide the space where AWS divides it")
    func quarters() {
        let starts = HashRange.all.divided(into: 4).map(\.start)
        #expect(
            starts.map(String.init) == [
                "0", "85070591730234615865843651857942052864", "170141183460469231731687303715884105728",
                "255211775190703847597530955573826158592",
            ])
    }

    @Test("The MD5 of the partition key chooses the shard")
    func routing() throws {
        let stream = try streams(shards: 2).stream("orders", at: Self.now)
        // MD5("a") begins with 0c, MD5("b") with 92.
        #expect(stream.route(HashKey(partitionKey: "a")) == 0)
        #expect(stream.route(HashKey(partitionKey: "b")) == 1)
    }

    @Test("The ends of a shard's hash range belong to it")
    func rangeEnds() throws {
        let stream = try streams(shards: 4).stream("orders", at: Self.now)
        for (position, shard) in stream.shards.enumerated() {
            #expect(stream.route(shard.hashRange.start) == position)
            #expect(stream.route(shard.hashRange.end) == position)
        }
    }

    @Test("Sequence numbers are 56 digits and grow with each record of a shard")
    func sequenceNumbers() throws {
        var streams = try streams()
        let numbers = try streams.place([1, 2, 3], into: "orders", at: Self.now).map { $0.sequences.number($0.counter) }
        #expect(numbers.allSatisfy { $0.digits.count == 56 && $0.digits.hasPrefix("49") })
        #expect(numbers[0] < numbers[1] && numbers[1] < numbers[2])
    }

    @Test("A split routes both halves to children whose sequence numbers are above the parent's end")
    func split() throws {
        var streams = try streams()
        _ = try streams.place([0], into: "orders", at: Self.now)
        let middle = HashKey.max / 2 + 1
        _ = try streams.split("orders", shard: "shardId-000000000000", at: middle, now: Self.now)
        let stream = try streams.stream("orders", at: Self.now)
        #expect(stream.shards.map(\.isOpen) == [false, true, true])
        let end = try #require(stream.shards[0].description.endingSequence)
        for child in stream.shards[1...] {
            #expect(child.description.startingSequence > end)
            #expect(child.description.parents == ["shardId-000000000000"])
        }
        let placements = try streams.place([0, middle - 1, middle, .max], into: "orders", at: Self.now)
        #expect(placements.map(\.sequences.shardIndex) == [1, 1, 2, 2])
    }

    @Test("A merge has two parents and all of their hash range")
    func merge() throws {
        var streams = try streams(shards: 2)
        _ = try streams.merge("orders", shard: "shardId-000000000001", adjacent: "shardId-000000000000", now: Self.now)
        let child = try #require(try streams.stream("orders", at: Self.now).shards.last)
        #expect(child.hashRange == .all)
        #expect(child.description.parents == ["shardId-000000000001", "shardId-000000000000"])
    }

    @Test("Shards that do not adjoin, or are one, do not merge", arguments: [(0, 2), (2, 0), (1, 1), (0, 3)])
    func mergeRefused(pair: (Int, Int)) throws {
        var streams = try streams(shards: 4)
        #expect(throws: ServiceError.self) {
            try streams.merge("orders", shard: ShardState.id(pair.0), adjacent: ShardState.id(pair.1), now: Self.now)
        }
        #expect(try streams.stream("orders", at: Self.now).openShardCount == 4)
    }

    @Test("A split outside of the shard's range is refused", arguments: [0, HashKey.max / 2 + 1, .max])
    func splitRefused(start: HashKey) throws {
        var streams = try streams(shards: 2)
        let error = #expect(throws: ServiceError.self) {
            try streams.split("orders", shard: "shardId-000000000000", at: start, now: Self.now)
        }
        #expect(error?.code == "InvalidArgumentException")
    }

    @Test("A closed shard is not split again")
    func splitClosed() throws {
        var streams = try streams()
        _ = try streams.split("orders", shard: "shardId-000000000000", at: 1, now: Self.now)
        let error = #expect(throws: ServiceError.self) { try streams.split("orders", shard: "shardId-000000000000", at: 2, now: Self.now) }
        #expect(error?.code == "InvalidArgumentException")
    }

    @Test("At any moment the shards open then cover the hash space once")
    func lineage() throws {
        var streams = try streams(shards: 2)
        _ = try streams.split("orders", shard: "shardId-000000000000", at: 5, now: Self.now)
        // In the same millisecond, and later.
        _ = try streams.merge("orders", shard: "shardId-000000000003", adjacent: "shardId-000000000001", now: Self.now)
        _ = try streams.split("orders", shard: "shardId-000000000002", at: 3, now: Self.now + 1_000)
        let stream = try streams.stream("orders", at: Self.now)
        for moment in stream.shards.map(\.createdAt) {
            let open = stream.shards.filter { ShardFilter.openAt(moment).includes($0) }.map(\.hashRange).sorted { $0.start < $1.start }
            #expect(open.first?.start == .min && open.last?.end == .max)
            for (left, right) in zip(open, open.dropFirst()) { #expect(left.end + 1 == right.start) }
        }
    }

    @Test("A stream is CREATING, then ACTIVE, then UPDATING, then DELETING, each for the set time")
    func states() throws {
        var streams = try streams(delay: 500)
        #expect(try streams.stream("orders", at: Self.now).status(at: Self.now) == .creating)
        #expect(throws: ServiceError.self) { try streams.place([1], into: "orders", at: Self.now) }
        #expect(throws: ServiceError.self) { try streams.split("orders", shard: "shardId-000000000000", at: 9, now: Self.now) }
        let active = Self.now + 500
        #expect(try streams.stream("orders", at: active).status(at: active) == .active)
        _ = try streams.split("orders", shard: "shardId-000000000000", at: 9, now: active)
        #expect(try streams.place([1], into: "orders", at: active).count == 1)
        let error = #expect(throws: ServiceError.self) { try streams.split("orders", shard: "shardId-000000000001", at: 3, now: active) }
        #expect(error?.code == "ResourceInUseException")
        _ = try streams.delete("orders", at: active + 500)
        #expect(try streams.stream("orders", at: active + 999).status(at: active + 999) == .deleting)
        #expect(throws: ServiceError.self) { try streams.stream("orders", at: active + 1_000) }
        #expect(try !streams.create("orders", shardCount: 1, mode: .provisioned, recordKibibytes: 1_024, at: active + 1_000).isEmpty)
    }

    @Test("Shards beyond the limit are refused before anything is made")
    func shardLimit() throws {
        var streams = try streams()
        let error = #expect(throws: ServiceError.self) {
            try streams.create("huge", shardCount: .max, mode: .provisioned, recordKibibytes: 1_024, at: Self.now)
        }
        #expect(error?.code == "LimitExceededException")
        #expect(streams.names(at: Self.now) == ["orders"])
    }

    @Test("A closed shard leaves the list once retention has emptied it, and not before it is stored")
    func expiry() throws {
        var streams = try streams()
        let outcome = try streams.split("orders", shard: "shardId-000000000000", at: 9, now: Self.now + 10)
        let later = Self.now + 24 * 3_600_000 + 11
        _ = streams.trim(at: later)
        #expect(try streams.stream("orders", at: later).shards.count == 3)
        streams.seal(outcome)
        _ = streams.trim(at: later - 1)
        #expect(try streams.stream("orders", at: later).shards.count == 3)
        _ = streams.trim(at: later)
        let stream = try streams.stream("orders", at: later)
        #expect(stream.shards.map(\.index) == [1, 2])
        #expect(stream.position(ofShard: "shardId-000000000002") == 1)
        #expect(stream.route(9) == 1)
    }
}
