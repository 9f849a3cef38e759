import Records

/// The share of a shard's limit that other clients of the shard leave to us, learned by additive increase and multiplicative decrease.
struct AdaptiveFactor: Sendable, Hashable {
    private(set) var value = 1.0
    private var updatedAt: MonotonicTime

    /// What a throttle leaves of the factor.
    static let decrease = 0.7
    /// What comes back each second.
    static let increasePerSecond = 0.05
    /// Below this a shard would look stuck; backoff takes over from here.
    static let floor = 0.05

    init(now: MonotonicTime) {
        updatedAt = now
    }

    /// Recovers up to `now` and answers the time that has passed, weighted by the factor on the way: what a bucket refills by.
    mutating func advance(to now: MonotonicTime) -> Double {
        let elapsed = max(0, (now - updatedAt).seconds)
        updatedAt = max(updatedAt, now)
        let rising = min(elapsed, (1 - value) / Self.increasePerSecond)
        let weighted = rising * (value + rising * Self.increasePerSecond / 2) + (elapsed - rising)
        value = min(1, value + elapsed * Self.increasePerSecond)
        return weighted
    }

    mutating func decrease() {
        value = max(Self.floor, value * Self.decrease)
    }
}
