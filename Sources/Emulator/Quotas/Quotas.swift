import Coordination
import Records

/// AWS's limits for all shards and actions of one server: token buckets, told the time.
struct Quotas: Sendable {
    /// A bucket of calls: of an action, or of an action on one stream.
    private struct CallKey: Hashable {
        var operation: String
        var stream: String?
    }

    private var shards: [Int64: ShardQuota] = [:]
    private var calls: [CallKey: TokenBucket] = [:]

    /// Whether a call is let in, as far as its own rate goes; one without a stream counts for the account.
    mutating func call(_ operation: String, stream: String?, now: MonotonicTime) -> Bool {
        guard let rate = CallRate.byOperation[operation] else { return true }
        let key = CallKey(operation: operation, stream: rate.scope == .stream ? stream : nil)
        var bucket = calls[key] ?? TokenBucket(capacity: rate.calls, perSecond: rate.calls / rate.seconds, now: now)
        bucket.refill(now: now)
        let isAllowed = bucket.allows(1)
        if isAllowed { bucket.take(1) }
        calls[key] = bucket
        return isAllowed
    }

    /// Whether a record is taken by a shard.
    mutating func write(shard: Int64, bytes: Int, now: MonotonicTime) -> Bool {
        shards[shard, default: ShardQuota(now: now)].write(bytes: bytes, now: now)
    }

    /// Whether a GetRecords of a shard is answered.
    mutating func read(shard: Int64, now: MonotonicTime) -> Bool {
        shards[shard, default: ShardQuota(now: now)].read(now: now)
    }

    /// Counts what a GetRecords gave.
    mutating func gave(shard: Int64, bytes: Int) {
        shards[shard]?.gave(bytes: bytes)
    }

    /// Whether a GetShardIterator of a shard is answered.
    mutating func iterator(shard: Int64, now: MonotonicTime) -> Bool {
        shards[shard, default: ShardQuota(now: now)].iterator(now: now)
    }

    /// Forgets shards that are gone.
    mutating func forget(_ keys: [Int64]) {
        for key in keys { shards[key] = nil }
    }
}
