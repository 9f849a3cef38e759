public import Records

/// What may be read from one shard by polling: calls and bytes per second, scaled down while the shard throttles.
///
/// The size of a reply is known only once it is here, so bytes are taken afterwards and a large reply delays the next call.
public struct ReadPace: Sendable {
    /// GetRecords calls per second and shard, all readers together (AWS: "Kinesis Data Streams quotas and limits").
    public static let maximumCallsPerSecond = 5.0
    /// Bytes per second and shard, all polling readers together; a reply of 10 MiB is thus followed by 5 s of refusals (same page).
    public static let bytesPerSecond = 2_097_152.0

    private var calls: TokenBucket
    private var bytes: TokenBucket
    private var adaptive: AdaptiveFactor

    /// `callsPerSecond` is `shard_fetch_rate`; above AWS's limit it counts as that.
    public init(callsPerSecond: Double, now: MonotonicTime) {
        calls = TokenBucket(capacity: 1, perSecond: min(callsPerSecond, Self.maximumCallsPerSecond), now: now)
        bytes = TokenBucket(capacity: Self.bytesPerSecond, perSecond: Self.bytesPerSecond, now: now)
        adaptive = AdaptiveFactor(now: now)
    }

    /// The share of the limits that is used: 1 unless the shard has throttled lately.
    public var factor: Double { adaptive.value }

    /// Takes one call if the limits allow it; otherwise answers how long to wait.
    public mutating func call(now: MonotonicTime) -> Duration? {
        advance(to: now)
        let wait = max(calls.delay(until: 1, scale: factor), bytes.delay(until: 1, scale: factor))
        guard wait == .zero else { return wait }
        calls.take(1)
        return nil
    }

    /// A reply of so many bytes of data has come.
    public mutating func received(bytes count: Int, now: MonotonicTime) {
        advance(to: now)
        bytes.take(Double(count))
    }

    /// The shard has refused a call: others are reading too.
    public mutating func throttled(now: MonotonicTime) {
        advance(to: now)
        adaptive.decrease()
        calls.drain()
    }

    private mutating func advance(to now: MonotonicTime) {
        let seconds = adaptive.advance(to: now)
        calls.refill(seconds: seconds, now: now)
        bytes.refill(seconds: seconds, now: now)
    }
}
