import Coordination
import Records

/// How far a subscription has come and what is due: a pure state machine, told what the shard holds and the time.
struct SubscriptionState: Sendable {
    /// What to do next.
    enum Step: Sendable {
        case send(ShardReading)
        /// Nothing is due before a wakeup.
        case wait
        /// The connection has sent as much as a consumer may get.
        case pause(until: MonotonicTime)
        case end
    }

    /// An event is sent at least this often, be it without records.
    static let heartbeat = Duration.seconds(5)
    /// AWS ends a subscription after five minutes (SubscribeToShard).
    static let life = Duration.seconds(300)
    /// A consumer gets 2 MiB a second of a shard (AWS: Developer Guide, "Quotas and limits").
    private static let bytesPerSecond = 2_097_152.0

    let startedAt: MonotonicTime
    /// The counter of the first record that has not been sent.
    private(set) var counter: Int64
    private var lastEventAt: MonotonicTime
    private var hasEnded = false
    /// Nil without quotas.
    private var pace: TokenBucket?

    init(counter: Int64, isPaced: Bool, now: MonotonicTime) {
        startedAt = now
        lastEventAt = now
        self.counter = counter
        pace = isPaced ? TokenBucket(capacity: Self.bytesPerSecond, perSecond: Self.bytesPerSecond, now: now) : nil
    }

    /// Whether to look into the shard at all.
    mutating func permit(now: MonotonicTime) -> Step? {
        if hasEnded || now - startedAt >= Self.life { return .end }
        pace?.refill(now: now)
        guard let delay = pace?.delay(until: 0), delay > .zero else { return nil }
        return .pause(until: now + delay)
    }

    /// `reading` begins at `counter`.
    mutating func take(_ reading: ShardReading, now: MonotonicTime) -> Step {
        let isEnd = reading.next == nil
        guard isEnd || !reading.records.isEmpty || now - lastEventAt >= Self.heartbeat else { return .wait }
        if let last = reading.records.last { counter = last.counter + 1 }
        lastEventAt = now
        hasEnded = isEnd
        pace?.take(Double(reading.records.reduce(0) { $0 + $1.byteCount }))
        return .send(reading)
    }
}
