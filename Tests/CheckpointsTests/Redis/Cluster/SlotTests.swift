import Testing

@testable import Checkpoints

@Suite("The slots of a cluster")
struct SlotTests {
    /// From the cluster specification, and of `CLUSTER KEYSLOT` of redis-server 7.0.
    @Test(
        "are those of Redis",
        arguments: [
            ("123456789", 12_739), ("foo", 12_182), ("", 0), ("{user1000}.following", 3_443), ("{user1000}.followers", 3_443),
            ("foo{}{bar}", 8_363), ("foo{{bar}}zap", 4_015), ("foo{bar}{zap}", 5_061), ("é", 10_180),
        ])
    func slots(_ key: String, _ slot: Int) {
        #expect(HashSlot.of(key) == slot)
    }

    @Test("the two keys of a shard in the layout of async-kinesis are in one, and no scan for the first finds the second")
    func pairs() {
        let keys = AsyncKinesisKeys(group: "orders")
        for shard in ["shardId-000000000000", "shardId-000000000117"] {
            #expect(keys.value(shard) == "pyredis-orders-\(shard)")
            #expect(HashSlot.of(keys.value(shard)) == HashSlot.of(keys.side(shard)))
            #expect(!keys.side(shard).hasPrefix("pyredis-"))
        }
        #expect(!AsyncKinesisKeys.isUsable(group: "a{b"))
    }

    private func node(_ host: RESPValue, _ port: Int64) -> RESPValue {
        .array([host, .integer(port), .string(Array("0123".utf8)), .array([])])
    }

    private func text(_ text: String) -> RESPValue { .string(Array(text.utf8)) }

    @Test("are learned from CLUSTER SLOTS: primaries only, and the host that was asked where a node does not know its own")
    func learned() throws {
        let reply = RESPValue.array([
            .array([.integer(0), .integer(5_460), node(text("10.0.0.1"), 7_000), node(text("10.0.0.4"), 7_003)]),
            .array([.integer(5_461), .integer(16_383), node(text(""), 7_001)]),
        ])
        let map = try #require(SlotMap(reply, askedHost: "redis.example"))
        #expect(map.primaries == [SlotMap.Node(host: "10.0.0.1", port: 7_000), SlotMap.Node(host: "redis.example", port: 7_001)])
        #expect(map[5_460]?.port == 7_000 && map[5_461]?.port == 7_001 && map[16_383]?.port == 7_001)
    }

    @Test("that nobody serves are known as such, and one that has moved is followed")
    func moved() throws {
        var map = try #require(SlotMap(.array([.array([.integer(0), .integer(9), node(text("a"), 1)])]), askedHost: "h"))
        #expect(map[10] == nil)
        map.move(10, to: SlotMap.Node(host: "b", port: 2))
        map.move(3, to: SlotMap.Node(host: "b", port: 2))
        #expect(map[10]?.host == "b" && map[3]?.host == "b" && map[4]?.host == "a")
        #expect(map.primaries.count == 2)
    }

    @Test(
        "are not taken from a reply of another shape",
        arguments: [
            RESPValue.null, .array([.integer(1)]), .array([.array([.integer(0), .integer(16_384), .array([.null, .integer(1)])])]),
            .array([.array([.integer(5), .integer(4), .array([.null, .integer(1)])])]),
            .array([.array([.integer(0), .integer(1), .array([.null, .integer(0)])])]),
        ])
    func unreadable(_ reply: RESPValue) {
        #expect(SlotMap(reply, askedHost: "h") == nil)
    }
}
