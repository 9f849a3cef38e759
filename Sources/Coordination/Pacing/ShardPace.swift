public import Records

/// What may be written to one shard: records and bytes per second, scaled down while the shard throttles.
public struct ShardPace: Sendable {
    /// The limits of one shard.
    public struct Limits: Sendable, Hashable {
        /// Records per second. AWS: 1,000 ("Kinesis Data Streams quotas and limits").
        public var records: Double
        /// Bytes per second, data and partition keys. AWS: 1 MiB.
        public var bytes: Double
        /// How much of an unused second may be sent at once.
        ///
        /// Half of it: a full bucket that is emptied and refilled then still stays near the limit in every window of a second.
        public var burst: Duration

        /// Limits in records and bytes a second.
        public init(records: Double = 1_000, bytes: Double = 1_048_576, burst: Duration = .milliseconds(500)) {
            self.records = records
            self.bytes = bytes
            self.burst = burst
        }
    }

    private var records: TokenBucket
    private var bytes: TokenBucket
    private var adaptive: AdaptiveFactor

    /// A pace with half of a burst of records saved up, and a whole one of bytes.
    ///
    /// The first request is the slowest, since its connection is made first: those behind it reach the shard closer together than they left.
    /// What is held back here is the slack for that.
    public init(_ limits: Limits, now: MonotonicTime) {
        records = TokenBucket(capacity: max(1, limits.records * limits.burst.seconds), perSecond: limits.records, now: now)
        records.take((records.capacity / 2).rounded(.down))
        bytes = TokenBucket(capacity: max(1, limits.bytes * limits.burst.seconds), perSecond: limits.bytes, now: now)
        adaptive = AdaptiveFactor(now: now)
    }

    /// The share of the limits that is used: 1 unless the shard has throttled lately.
    public var factor: Double { adaptive.value }

    /// Brings the buckets up to `now`.
    public mutating func advance(to now: MonotonicTime) {
        let seconds = adaptive.advance(to: now)
        records.refill(seconds: seconds, now: now)
        bytes.refill(seconds: seconds, now: now)
    }

    /// Takes one record of `size` bytes (data and partition key) if both limits allow it; advance first.
    public mutating func take(size: Int) -> Bool {
        guard records.allows(1), bytes.allows(Double(size)) else { return false }
        records.take(1)
        bytes.take(Double(size) > bytes.capacity ? Double(size) * Self.largeRecordCost : Double(size))
        return true
    }

    /// What a record larger than the burst costs. The service takes it only once it has saved up as much itself, so that one that comes a
    /// millisecond early is refused: this keeps us a little late.
    private static let largeRecordCost = 1.02

    /// How long until one record of `size` bytes may go; advance first.
    public func delay(untilSize size: Int) -> Duration {
        delay(untilRecords: 1, bytes: size)
    }

    /// How long until so many records with so many bytes may go, or as many of them as can be saved up; advance first.
    public func delay(untilRecords count: Int, bytes size: Int) -> Duration {
        max(records.delay(until: Double(count), scale: factor), bytes.delay(until: Double(size), scale: factor))
    }

    /// The shard has refused records: what was saved up is not there, and others are writing too.
    public mutating func throttled(now: MonotonicTime) {
        advance(to: now)
        adaptive.decrease()
        records.drain()
        bytes.drain()
    }
}
