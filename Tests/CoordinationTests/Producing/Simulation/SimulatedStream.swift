import Coordination
import Records

/// A stream as Kinesis keeps it: shards with quotas that split and merge, and partial failures.
struct SimulatedStream {
    struct Stored {
        var items: [Item]
        var shard: String
        var time: MonotonicTime
    }

    private struct Open {
        var shard: Shard
        var quota: ShardPace
    }

    private var open: [Open] = []
    private var closed: [Shard] = []
    private var nextShard = 0
    private let quota: ShardPace.Limits
    private let recordFailures: Double
    /// What readers see, in the order of arrival.
    private(set) var delivered: [Stored] = []
    private(set) var throttles = 0

    init(shards: Int, quota: ShardPace.Limits, recordFailures: Double) {
        self.quota = quota
        self.recordFailures = recordFailures
        for shard in evenShards(shards) { add(shard.hashRange, parents: [], now: .zero) }
    }

    var shards: [Shard] { closed + open.map(\.shard) }

    mutating func put(_ entries: [SimulatedEntry], now: MonotonicTime, using generator: inout SplitMix64) -> [RecordOutcome] {
        entries.map { entry in
            guard Double.random(in: 0..<1, using: &generator) >= recordFailures else {
                return .failed(code: "InternalFailure", message: "Internal service failure.")
            }
            let index = open.firstIndex { $0.shard.hashRange.contains(entry.hashKey) }!
            open[index].quota.advance(to: now)
            guard open[index].quota.take(size: entry.size) else {
                throttles += 1
                return .failed(code: "ProvisionedThroughputExceededException", message: "Rate exceeded for shard.")
            }
            // The Kinesis Client Library drops a whole aggregate for one record outside of the shard.
            if entry.members.allSatisfy(open[index].shard.hashRange.contains) {
                delivered.append(Stored(items: entry.token, shard: open[index].shard.id, time: now))
            }
            return .stored(shard: open[index].shard.id)
        }
    }

    mutating func reshard(now: MonotonicTime, using generator: inout SplitMix64) {
        open.sort { $0.shard.hashRange.start < $1.shard.hashRange.start }
        let index = Int.random(in: 0..<open.count, using: &generator)
        if Bool.random(using: &generator), index + 1 < open.count {
            let (left, right) = (close(index), close(index))
            add(HashRange(start: left.hashRange.start, end: right.hashRange.end), parents: [left.id, right.id], now: now)
        } else {
            let parent = close(index)
            let (start, end) = (parent.hashRange.start, parent.hashRange.end)
            let middle = start + (end - start) / HashKey(Int.random(in: 2...4, using: &generator))
            add(HashRange(start: start, end: middle), parents: [parent.id], now: now)
            add(HashRange(start: middle + 1, end: end), parents: [parent.id], now: now)
        }
    }

    private mutating func close(_ index: Int) -> Shard {
        var shard = open.remove(at: index).shard
        shard.endingSequence = SequenceNumber(1)
        closed.append(shard)
        return shard
    }

    private mutating func add(_ range: HashRange, parents: [String], now: MonotonicTime) {
        let shard = Shard(
            id: "shard-\(nextShard)", parent: parents.first, adjacentParent: parents.dropFirst().first, hashRange: range,
            startingSequence: SequenceNumber(0))
        nextShard += 1
        open.append(Open(shard: shard, quota: ShardPace(quota, now: now)))
    }
}
