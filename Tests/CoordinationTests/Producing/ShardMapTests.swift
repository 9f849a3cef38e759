import Records
import Testing

@testable import Coordination

@Suite struct ShardMapTests {
    @Test("A key goes to the open shard whose range holds it, at both ends of every range")
    func routing() {
        let map = ShardMap(evenShards(7).shuffled())
        for destination in map.destinations {
            for key in [destination.range.start, destination.range.end] { #expect(map.shard(of: key) == destination.shard) }
        }
    }

    @Test("Closed shards take no records")
    func closedShards() {
        var shards = evenShards(1)
        shards[0].endingSequence = SequenceNumber(9)
        shards += [shard("b", HashRange(start: 0, end: 99)), shard("c", HashRange(start: 100, end: .max))]
        let map = ShardMap(shards)
        #expect(map.shard(of: 99) == "b")
        #expect(map.shard(of: 100) == "c")
    }

    @Test("A key in a hole of a half-done listing has no shard")
    func hole() {
        let map = ShardMap([shard("a", HashRange(start: 10, end: 20)), shard("b", HashRange(start: 30, end: 40))])
        #expect([9, 10, 20, 21, 29, 30, 41].map { map.shard(of: $0) } == [nil, "a", "a", nil, nil, "b", nil])
        #expect(ShardMap([]).shard(of: 0) == nil)
    }
}

func shard(_ id: String, _ range: HashRange) -> Shard {
    Shard(id: id, hashRange: range, startingSequence: SequenceNumber(0))
}

/// Shards `s0`, `s1`, … that divide the hash space evenly.
func evenShards(_ count: Int) -> [Shard] {
    let width = HashKey.max / HashKey(count)
    return (0..<count).map { index in
        let start = HashKey(index) * width
        return shard("s\(index)", HashRange(start: start, end: index == count - 1 ? .max : start + width - 1))
    }
}
