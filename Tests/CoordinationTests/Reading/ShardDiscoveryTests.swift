import Records
import Testing

@testable import Coordination

@Suite("Shard discovery")
struct ShardDiscoveryTests {
    private func row(_ shard: String, _ position: Position = .trimHorizon, parents: [String] = []) -> Lease {
        Lease(shard: shard, position: position, parents: parents)
    }

    private func readable(_ rows: [Lease], listed: Set<String>? = nil) -> [String] {
        ShardDiscovery.readable(rows: rows, listed: listed ?? Set(rows.map(\.shard))).map(\.shard)
    }

    @Test("a merge's child waits for both parents", arguments: [(false, false), (true, false), (false, true), (true, true)])
    func merge(_ first: Bool, _ second: Bool) {
        let rows = [
            row("a", first ? .shardEnd : .trimHorizon), row("b", second ? .shardEnd : .trimHorizon), row("c", parents: ["a", "b"]),
        ]
        #expect(readable(rows).contains("c") == (first && second))
        #expect(readable(rows).contains("a") == !first)
    }

    @Test("a grandchild waits for the middle, even when its own row came first")
    func generations() {
        #expect(readable([row("c", parents: ["b"]), row("b", parents: ["a"]), row("a")]) == ["a"])
        #expect(readable([row("c", parents: ["b"]), row("b", parents: ["a"]), row("a", .shardEnd)]) == ["b"])
    }

    @Test("a parent that retention has trimmed holds nobody up, and is not read any more")
    func trimmed() {
        #expect(readable([row("a"), row("b", parents: ["a"])], listed: ["b"]) == ["b"])
        #expect(readable([row("b", parents: ["a", "z"])], listed: ["b"]) == ["b"])
    }

    @Test("a parent that is listed but has no row yet holds its children up")
    func withoutRow() {
        #expect(readable([row("b", parents: ["a"])], listed: ["a", "b"]) == [])
    }

    @Test("shards without a row get one at the group's start, with both parents and their hash range")
    func missing() {
        let range = HashRange(start: 5, end: 9)
        let child = Shard(id: "c", parent: "a", adjacentParent: "b", hashRange: range, startingSequence: SequenceNumber(1))
        let known = Shard(id: "a", hashRange: .all, startingSequence: SequenceNumber(1))
        #expect(
            ShardDiscovery.missing(shards: [known, child], rows: [row("a")], start: .timestamp(7))
                == [NewLease(shard: "c", position: .timestamp(7), parents: ["a", "b"], hashRange: range)])
    }
}
