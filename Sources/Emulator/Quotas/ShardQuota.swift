import Coordination
import Records

/// What one shard takes and gives (AWS: Kinesis Data Streams Developer Guide, "Quotas and limits").
struct ShardQuota: Sendable {
    /// 1,000 records a second are taken. The first half second's worth is given in advance: so one whole PutRecords passes at once, and a
    /// flood gets no more than the rate from its beginning.
    private var records: TokenBucket
    /// 1 MiB a second is taken, partition keys included; a record above that waits for a full second's worth and leaves a debt.
    private var bytes: TokenBucket
    /// 5 GetRecords a second.
    private var reads: TokenBucket
    /// 2 MiB a second are given.
    private var readBytes: TokenBucket
    /// 5 GetShardIterator a second.
    private var iterators: TokenBucket

    private static let recordsPerSecond = 1_000.0
    private static let advance = Duration.milliseconds(500)
    private static let bytesPerSecond = 1_048_576.0
    private static let readsPerSecond = 5.0
    private static let readBytesPerSecond = 2_097_152.0
    private static let iteratorsPerSecond = 5.0

    init(now: MonotonicTime) {
        records = Self.bucket(Self.recordsPerSecond, now + Self.advance)
        records.take(Self.recordsPerSecond * (1 - Self.advance.seconds))
        bytes = Self.bucket(Self.bytesPerSecond, now)
        reads = Self.bucket(Self.readsPerSecond, now)
        readBytes = Self.bucket(Self.readBytesPerSecond, now)
        iterators = Self.bucket(Self.iteratorsPerSecond, now)
    }

    private static func bucket(_ rate: Double, _ now: MonotonicTime) -> TokenBucket {
        TokenBucket(capacity: rate, perSecond: rate, now: now)
    }

    /// Whether a record is taken.
    mutating func write(bytes count: Int, now: MonotonicTime) -> Bool {
        records.refill(now: now)
        bytes.refill(now: now)
        guard records.allows(1), bytes.allows(Double(count)) else { return false }
        records.take(1)
        bytes.take(Double(count))
        return true
    }

    /// Whether a GetRecords is answered. What it gives is counted once it is known.
    mutating func read(now: MonotonicTime) -> Bool {
        reads.refill(now: now)
        readBytes.refill(now: now)
        guard reads.allows(1), readBytes.allows(0) else { return false }
        reads.take(1)
        return true
    }

    /// Counts what a GetRecords gave: what was saved up does not pay for a reply larger than a second's worth, so that one of 10 MiB keeps
    /// the shard from being read for 5 s.
    mutating func gave(bytes count: Int) {
        if Double(count) > Self.readBytesPerSecond { readBytes.drain() }
        readBytes.take(Double(count))
    }

    /// Whether a GetShardIterator is answered.
    mutating func iterator(now: MonotonicTime) -> Bool {
        iterators.refill(now: now)
        guard iterators.allows(1) else { return false }
        iterators.take(1)
        return true
    }
}
