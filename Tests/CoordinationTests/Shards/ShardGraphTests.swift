import Records
import Testing

@testable import Coordination

@Suite("Shard graph")
struct ShardGraphTests {
    private func row(_ shard: String, _ position: Position = .trimHorizon, parents: [String] = []) -> Lease {
        Lease(shard: shard, position: position, parents: parents)
    }

    private func shard(_ id: String, _ parents: String..., range: HashRange = .all) -> Shard {
        Shard(
            id: id, parent: parents.first, adjacentParent: parents.dropFirst().first, hashRange: range,
            startingSequence: SequenceNumber(1))
    }

    private func readable(_ rows: [Lease], listed: [String]? = nil) -> [String] {
        ShardGraph((listed ?? rows.map(\.shard)).map { shard($0) }).readable(rows: rows).map(\.shard)
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

    @Test("a parent that retention has trimmed before anybody read it holds nobody up")
    func trimmed() {
        #expect(readable([row("b", parents: ["a", "z"])], listed: ["b"]) == ["b"])
    }

    @Test("an unfinished shard that is not listed is read until it says itself that it is gone, before its children")
    func unlisted() {
        let rows = [row("a"), row("b", parents: ["a"])]
        #expect(readable(rows, listed: ["b"]) == ["a"])
        #expect(ShardGraph([shard("b", "a")]).unlisted(rows: rows) == ["a"])
    }

    @Test("a parent that is listed but has no row yet holds its children up")
    func withoutRow() {
        #expect(readable([row("b", parents: ["a"])], listed: ["a", "b"]) == [])
    }

    @Test("a row that a person set, without parents, has those of the listing")
    func setByHand() {
        let graph = ShardGraph([shard("a"), shard("b"), shard("c", "a", "b")])
        #expect(graph.readable(rows: [row("a", .shardEnd), row("b"), row("c")]).map(\.shard) == ["b"])
    }

    @Test("shards without a row get one at the group's start, with both parents and their hash range")
    func missing() {
        let range = HashRange(start: 5, end: 9)
        #expect(
            ShardGraph([shard("a"), shard("c", "a", "b", range: range)]).missing(rows: [row("a")], start: .timestamp(7))
                == [NewLease(shard: "c", position: .timestamp(7), parents: ["a", "b"], hashRange: range)])
    }

    @Test("a finished parent whose child nobody knows of leaves a hole; a child beside its unfinished parent leaves none")
    func holes() {
        let (low, high) = (HashRange(start: .min, end: 99), HashRange(start: 100, end: .max))
        let graph = ShardGraph([shard("a"), shard("b", "a", range: low), shard("c", "a", range: high)])
        #expect(graph.holes(rows: [row("a")]) == [])
        #expect(graph.holes(rows: [row("a", .shardEnd), row("b", parents: ["a"])]) == [high])
        #expect(graph.holes(rows: [row("a"), row("b", parents: ["a"])]) == [])
        #expect(graph.holes(rows: [row("a", .shardEnd), row("b"), row("c")]) == [])
    }
}
