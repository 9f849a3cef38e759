public import Records

/// Tokens that trickle in up to a capacity: how many more records or bytes a quota lets through now.
///
/// One take may be larger than the capacity: it waits for a full bucket and leaves a debt that later takes wait for.
/// Kinesis accepts records over 1 MiB in the same way (AWS: "Large records", a burst refilled at the shard's rate).
public struct TokenBucket: Sendable, Hashable {
    /// The most tokens that can be saved up.
    public let capacity: Double
    /// Tokens per second.
    public let rate: Double
    /// What is there now; negative after a take larger than the capacity.
    public private(set) var tokens: Double
    private var updatedAt: MonotonicTime

    /// A bucket that holds `capacity` tokens when `full`, else none.
    public init(capacity: Double, perSecond rate: Double, full: Bool = true, now: MonotonicTime) {
        precondition(capacity > 0 && rate > 0)
        self.capacity = capacity
        self.rate = rate
        tokens = full ? capacity : 0
        updatedAt = now
    }

    /// Adds what has trickled in since the last call.
    public mutating func refill(now: MonotonicTime) {
        refill(seconds: max(0, (now - updatedAt).seconds), now: now)
    }

    /// Adds `seconds` worth of tokens, whatever time has passed: for a rate that is scaled from outside.
    mutating func refill(seconds: Double, now: MonotonicTime) {
        tokens = min(capacity, tokens + rate * seconds)
        updatedAt = max(updatedAt, now)
    }

    /// Whether `count` may be taken; refill first.
    public func allows(_ count: Double) -> Bool {
        tokens + Self.tolerance >= min(count, capacity)
    }

    /// Takes `count`, into debt if need be.
    public mutating func take(_ count: Double) {
        tokens -= count
    }

    /// How long until `count` may be taken when tokens come in at `scale` times the rate; zero when they are there.
    public func delay(until count: Double, scale: Double = 1) -> Duration {
        let missing = min(count, capacity) - tokens
        guard missing > Self.tolerance else { return .zero }
        return .nanoseconds(Int64((missing / (rate * scale) * 1e9).rounded(.up)))
    }

    /// Forgets what was saved up: the other side has just said that there is none.
    public mutating func drain() {
        tokens = min(tokens, 0)
    }

    /// Absorbs rounding, so that the delay computed for a take is enough for it.
    private static let tolerance = 1e-6
}
