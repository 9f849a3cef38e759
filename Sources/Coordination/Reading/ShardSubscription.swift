public import Records

/// How one shard is read by SubscribeToShard (enhanced fan-out): a pure state machine that is told what happened and answers what to do.
///
///     resting ──its time──► calling ──opened──► streaming ──continuation is null──► ended (or checking, without children)
///        ▲                    │ refused           │
///        ├────────────────────┴───────────────────┤ over after five minutes, cut, spoiled, taken over
///        └──room again── full ◄───────────────────┘ sinks too slow
///
/// It goes on from the continuation of the last event that was taken on, so that nothing is lost with a connection. Calls keep the
/// service's rules: at most one a second, and none within five seconds of one that succeeded.
public struct ShardSubscription: Sendable {
    /// What to do next.
    public enum Step: Sendable, Hashable {
        /// Subscribe behind this position.
        case subscribe(Position)
        /// Ask ListShards what became of the shard.
        case listShards
        case wait(until: MonotonicTime)
        /// Nothing, before there is room for more.
        case waitForRoom
        case end(children: [Shard])
        /// The last failure is to be told.
        case fail
    }

    /// What an event says besides its records' contents.
    public struct Event: Sendable {
        /// That of the last record.
        public var lastSequence: SequenceNumber?
        /// Where to go on; nil at the end of a closed shard.
        public var continuation: SequenceNumber?
        /// The shards that follow a closed one.
        public var children: [Shard]

        /// See the properties.
        public init(lastSequence: SequenceNumber?, continuation: SequenceNumber?, children: [Shard]) {
            self.lastSequence = lastSequence
            self.continuation = continuation
            self.children = children
        }
    }

    private enum State: Sendable {
        case resting
        case calling
        case streaming
        case full
        case checking(EndCheck)
        case ended([Shard])
        case failed
    }

    /// Events in hand at most; then the subscription waits a little, and is given up until there is room.
    public static let mostEventsInHand = 8
    /// How long a connection may lie unread while the sinks catch up, before it is given up on purpose.
    public static let patience = Duration.seconds(3)
    /// Between two calls.
    private static let interval = Duration.seconds(1 / ShardReadQuota.subscribesPerSecond)
    /// The service measures its five seconds by its own clock.
    private static let margin = Duration.milliseconds(100)

    /// What was received up to here is in hand or delivered.
    public private(set) var cursor: Position
    private var state = State.resting
    private var notBefore: MonotonicTime
    private var openedAt: MonotonicTime?
    private var backoff = ReadBackoff()

    /// Begins behind `position`.
    public init(from position: Position, now: MonotonicTime) {
        cursor = position
        notBefore = now
    }

    /// Failures since the last event.
    public var failures: Int { backoff.failures }

    /// `hasRoom`: another event can be taken on.
    public mutating func next(now: MonotonicTime, hasRoom: Bool) -> Step {
        switch state {
        case .ended(let children): return .end(children: children)
        case .failed: return .fail
        case .full:
            guard hasRoom else { return .waitForRoom }
            state = .resting
        default: break
        }
        if now < notBefore { return .wait(until: notBefore) }
        if case .checking = state { return .listShards }
        state = .calling
        notBefore = now + Self.interval
        return .subscribe(cursor)
    }

    /// The subscription runs.
    public mutating func opened(now: MonotonicTime) {
        state = .streaming
        openedAt = now
    }

    /// An event has come and its records are taken on.
    public mutating func received(_ event: Event) {
        backoff.succeeded()
        if let place = event.continuation ?? event.lastSequence { cursor = .sequence(place, subSequence: nil) }
        guard event.continuation == nil else { return }
        let isWhole = !event.children.isEmpty && event.children.allSatisfy { !$0.parents.isEmpty }
        state = isWhole ? .ended(event.children) : .checking(EndCheck())
    }

    /// The service has ended the stream of events in good order.
    public mutating func finished(now: MonotonicTime) {
        guard case .streaming = state else { return }
        rest(until: now)
    }

    /// There was no room for longer than `patience`: the connection is given up.
    public mutating func overflowed(now: MonotonicTime) {
        rest(until: now)
        state = .full
    }

    /// The call was refused, or the stream of events broke.
    public mutating func failed(_ failure: ReadFailure, now: MonotonicTime, using generator: inout some RandomNumberGenerator) {
        switch state {
        // What comes after the end, or after having been given up, is nothing new.
        case .ended, .full: return
        default: break
        }
        guard let delay = backoff.delay(after: failure, using: &generator) else {
            state = .failed
            return
        }
        if case .checking = state { notBefore = now + delay } else { rest(until: now + delay) }
    }

    /// A listing that was asked for has come.
    public mutating func sighted(_ sighting: ShardSighting, now: MonotonicTime, using generator: inout some RandomNumberGenerator) {
        guard case .checking(var check) = state else { return }
        switch check.judge(sighting) {
        case .ended(let children): state = .ended(children)
        case .contradiction: state = .failed
        case .askAgain:
            state = .checking(check)
            if let delay = backoff.delay(after: .transient(retryAfter: nil), using: &generator) { notBefore = now + delay }
        }
    }

    private mutating func rest(until time: MonotonicTime) {
        state = .resting
        notBefore = max(notBefore, time)
        if let openedAt { notBefore = max(notBefore, openedAt + ShardReadQuota.subscriptionExclusive + Self.margin) }
    }
}
