public import Records

/// What may be read from one shard by polling: calls and bytes per second, scaled down while the shard throttles.
///
/// Calls are booked: each reader is told when its call may go, so that readers of the same shard take turns and none starves. The size
/// of a reply is known only once it is here, so bytes are paid afterwards: a large reply delays the next call.
public struct ReadPace: Sendable {
    /// What a shard allows to all its readers together.
    public struct Limits: Sendable, Hashable {
        /// GetRecords calls per second.
        public var callsPerSecond: Double
        /// Bytes of data per second.
        public var bytesPerSecond: Double

        /// See the properties.
        public init(callsPerSecond: Double, bytesPerSecond: Double) {
            self.callsPerSecond = callsPerSecond
            self.bytesPerSecond = bytesPerSecond
        }

        /// Those of AWS.
        public static let shard = Limits(
            callsPerSecond: ShardReadQuota.callsPerSecond, bytesPerSecond: ShardReadQuota.bytesPerSecond)
    }

    private let limits: Limits
    private var adaptive: AdaptiveFactor
    /// When the next call may go by the rate of calls.
    private var freeAt: MonotonicTime
    /// When the shard is paid for with what it has given.
    private var paidAt: MonotonicTime

    /// Nothing has been read yet.
    public init(_ limits: Limits = .shard, now: MonotonicTime) {
        self.limits = limits
        adaptive = AdaptiveFactor(now: now)
        freeAt = now
        paidAt = now
    }

    /// The share of the limits that is used: 1 unless the shard has throttled lately.
    public var factor: Double { adaptive.value }

    /// Books one call: how long it has to wait.
    public mutating func book(now: MonotonicTime) -> Duration {
        _ = adaptive.advance(to: now)
        let time = max(now, freeAt, paidAt)
        freeAt = time + interval
        return time - now
    }

    /// A reply of so many bytes of data has come.
    public mutating func received(bytes count: Int, now: MonotonicTime) {
        guard count > 0 else { return }
        _ = adaptive.advance(to: now)
        paidAt = max(paidAt, now) + .nanoseconds(Int64(Double(count) / (limits.bytesPerSecond * factor) * 1e9))
    }

    /// The shard has refused a call: others, perhaps in other processes, are reading too.
    public mutating func throttled(now: MonotonicTime) {
        _ = adaptive.advance(to: now)
        adaptive.decrease()
        freeAt = max(freeAt, now + interval)
    }

    /// Between two calls.
    private var interval: Duration { .nanoseconds(Int64(1e9 / (limits.callsPerSecond * factor))) }
}
