import DequeModule
import Records

/// A record that waits, with its place in the order of arrival.
struct PendingEntry<Token: Sendable>: Sendable {
    var entry: ProducerEntry<Token>
    var sequence: UInt64
    var deadline: MonotonicTime
}

/// What a chain's records have in common.
enum ChainKey: Hashable, Sendable {
    /// Plain records of one partition key. The key itself counts only beside an explicit hash key: records pinned to one point stay apart.
    case key(HashKey, pinned: String?)
    /// The aggregates of one lane.
    case lane(Int)

    /// Half of an MD5 is hash enough.
    func hash(into hasher: inout Hasher) {
        switch self {
        case .key(let key, let pinned):
            hasher.combine(UInt64(truncatingIfNeeded: key))
            if let pinned { hasher.combine(pinned) }
        case .lane(let lane): hasher.combine(lane)
        }
    }
}

/// Records that must be stored one after the other. Only the head may be under way, and it stays in its place until it is stored.
struct ProducerChain<Token: Sendable>: Sendable {
    /// Nil without ordering: a chain of one record that nothing joins.
    var key: ChainKey?
    var lane: Int
    /// Nil in a free slot only.
    var head: PendingEntry<Token>?
    /// Empty for most keys, and then without storage.
    var rest: Deque<PendingEntry<Token>> = []
    /// Refusals of the head in a row.
    var failures = 0
    /// The shard of no known range in which the head, an aggregate, is stored: a new map will tell whether it belongs there.
    var landed: String?
    /// The head waits for this moment; nil when it may go or is under way.
    var blockedUntil: MonotonicTime?
}

/// The records for one shard, or for shards unknown.
struct ProducerLane: Sendable {
    /// The place of a chain in a lane, by the arrival of its head; with what is asked of the head most often.
    struct Place: Comparable, Sendable {
        var sequence: UInt64
        var chain: Int
        var size: Int
        var deadline: MonotonicTime

        static func < (left: Place, right: Place) -> Bool { left.sequence < right.sequence }
    }

    /// Nil when the destination is unknown.
    var shard: ShardMap.Destination?
    /// Nil when the destination is unknown: there is no limit to keep.
    var pace: ShardPace?
    /// The chains whose heads may be sent, in order of arrival.
    var ready = MinHeap<Place>()
    var readyBytes = 0
    /// Requests under way with records of this lane.
    var inFlight = 0
    /// Throttles and failed requests in a row.
    var failures = 0
    /// Nothing goes out before this moment.
    var blockedUntil: MonotonicTime?

    /// What this lane adds to the producer's totals of sendable records.
    var countedRecords = 0
    var countedBytes = 0
    /// Its entry in the producer's queue of lanes.
    var queuedAt: UInt64?
}
