import Records

/// What becomes of calls to Redis while its connection comes and goes: one connection, calls answered in the order they were sent.
///
/// Pure: it is told the time and what happened, and answers what is to be done.
struct LinkState {
    struct Call: Hashable {
        let id: Int
        let deadline: MonotonicTime
        /// How often it may be sent again once it is unknown whether it was applied: once if applying it twice is as good as once.
        var retries: Int
    }

    enum Phase: Hashable {
        /// No connection, and nobody who wants one. To `connecting` at the next call.
        case idle
        /// To `ready`, or to `backingOff`.
        case connecting
        /// To `idle` or `backingOff` when the connection ends.
        case ready
        /// To `connecting` when its time has come, to `idle` if nobody waits by then.
        case backingOff(until: MonotonicTime)
        /// For good.
        case closed
    }

    enum Event {
        case called(Call)
        case connected
        /// `isFinal`: trying again cannot help (a wrong password), so nobody should wait for it.
        case connectFailed(String, isFinal: Bool, chance: Double)
        /// The server has answered the oldest call in flight.
        case replied
        case disconnected(String, chance: Double)
        /// The time of the last `wake` has come, or later.
        case woke(chance: Double)
        case close
    }

    enum Effect: Hashable {
        case connect
        /// Ends the connection or the attempt; its further events no longer count.
        case disconnect
        case send(Int)
        case answer(Int)
        case fail(Int, LinkFailure)
        /// Send `woke` at this time; replaces an earlier one.
        case wake(MonotonicTime)
    }

    private(set) var phase = Phase.idle
    private var waiting: [Call] = []
    private var inFlight: [Call] = []
    private var failures = 0
    private var lastReason = "no connection in time"
    private var wakeAt: MonotonicTime?
    private let backoff: ReconnectDelay

    /// Calls fail at once where there is no connection to be had: other servers can be asked.
    private let isOneOfMany: Bool

    init(backoff: ReconnectDelay = ReconnectDelay(), isOneOfMany: Bool = false) {
        self.backoff = backoff
        self.isOneOfMany = isOneOfMany
    }

    mutating func handle(_ event: Event, now: MonotonicTime) -> [Effect] {
        var effects: [Effect] = []
        switch event {
        case .called(let call): called(call, &effects)
        case .connected: connected(&effects)
        case .connectFailed(let reason, let isFinal, let chance):
            guard phase == .connecting else { break }
            lastReason = reason
            if isFinal {
                failWaiting(.refused(reason), &effects)
            } else if isOneOfMany {
                failWaiting(.unreachable(reason), &effects)
            }
            backOff(now, chance, &effects)
        case .replied:
            guard phase == .ready, !inFlight.isEmpty else { break }
            effects.append(.answer(inFlight.removeFirst().id))
        case .disconnected(let reason, let chance):
            guard phase == .ready else { break }
            lost(reason, now, chance, &effects)
        case .woke(let chance): woke(now, chance, &effects)
        case .close: close(&effects)
        }
        // A reply leaves nothing to wake up for earlier than before.
        if case .replied = event {} else { scheduleWake(&effects) }
        return effects
    }
}

extension LinkState {
    private mutating func called(_ call: Call, _ effects: inout [Effect]) {
        switch phase {
        case .closed:
            effects.append(.fail(call.id, .closed))
        case .ready:
            inFlight.append(call)
            effects.append(.send(call.id))
        case .idle:
            waiting.append(call)
            phase = .connecting
            effects.append(.connect)
        case .backingOff where isOneOfMany:
            effects.append(.fail(call.id, .unreachable(lastReason)))
        case .connecting, .backingOff:
            waiting.append(call)
        }
    }

    private mutating func connected(_ effects: inout [Effect]) {
        guard phase == .connecting else { return }
        phase = .ready
        failures = 0
        inFlight = waiting
        waiting = []
        effects += inFlight.map { .send($0.id) }
    }

    /// Calls that may be sent again and have time left for it come before those that wait already.
    private mutating func lost(_ reason: String, _ now: MonotonicTime, _ chance: Double, _ effects: inout [Effect]) {
        lastReason = reason
        var again: [Call] = []
        for var call in inFlight {
            if call.retries > 0, call.deadline > now {
                call.retries -= 1
                again.append(call)
            } else {
                effects.append(.fail(call.id, .ambiguous(reason)))
            }
        }
        inFlight = []
        waiting = again + waiting
        backOff(now, chance, &effects)
    }

    private mutating func backOff(_ now: MonotonicTime, _ chance: Double, _ effects: inout [Effect]) {
        failures += 1
        phase = .backingOff(until: now + backoff.delay(afterFailures: failures, chance: chance))
    }

    private mutating func woke(_ now: MonotonicTime, _ chance: Double, _ effects: inout [Effect]) {
        wakeAt = nil
        if inFlight.contains(where: { $0.deadline <= now }) {
            // Replies come in order: behind a call without one, no other can be told from it.
            effects.append(.disconnect)
            lost("no reply in time", now, chance, &effects)
        }
        for call in waiting where call.deadline <= now {
            effects.append(.fail(call.id, .unreachable(lastReason)))
        }
        waiting.removeAll { $0.deadline <= now }
        if case .backingOff(let until) = phase, until <= now {
            phase = waiting.isEmpty ? .idle : .connecting
            if phase == .connecting { effects.append(.connect) }
        }
    }

    private mutating func close(_ effects: inout [Effect]) {
        guard phase != .closed else { return }
        if phase == .ready || phase == .connecting { effects.append(.disconnect) }
        phase = .closed
        effects += inFlight.map { .fail($0.id, .ambiguous("the store was closed")) }
        inFlight = []
        failWaiting(.closed, &effects)
    }

    private mutating func failWaiting(_ failure: LinkFailure, _ effects: inout [Effect]) {
        effects += waiting.map { .fail($0.id, failure) }
        waiting = []
    }

    /// A wake that comes too early for what is left by then does no harm, so one is only ever moved forward.
    private mutating func scheduleWake(_ effects: inout [Effect]) {
        var next = (waiting.map(\.deadline) + inFlight.map(\.deadline)).min()
        if case .backingOff(let until) = phase { next = min(next ?? until, until) }
        guard let next, wakeAt.map({ next < $0 }) ?? true else { return }
        wakeAt = next
        effects.append(.wake(next))
    }
}

/// Why a call has no answer.
enum LinkFailure: Error, Hashable {
    /// Not sent: it was not applied.
    case unreachable(String)
    /// The server turns us away (a wrong password); not sent.
    case refused(String)
    /// Sent and not answered: it may or may not have been applied.
    case ambiguous(String)
    /// The store has been closed; not sent.
    case closed
}
