public import Coordination
public import Records
import Synchronization

/// How far one shard (or file) is delivered: readers register positions in order, sinks complete them in any order.
public final class ShardProgress: Sendable {
    private struct State {
        var watermark: Watermark
        var stored: Position
        /// Opened when nothing is outstanding any more; nil while nobody waits for that.
        var quiet: Latch?
    }

    private let state: Mutex<State>
    private let fence: LeaseFence
    private let abandoned = Latch()

    /// Nothing is outstanding; `position` is stored. The lease may be acted on until `deadline`, unless it is prolonged.
    public init(from position: Position, until deadline: MonotonicTime = MonotonicTime(nanoseconds: .max)) {
        fence = LeaseFence(until: deadline)
        state = Mutex(State(watermark: Watermark(from: position), stored: position))
    }

    /// Everything up to and with this position is acknowledged.
    public var position: Position { state.withLock { $0.watermark.position } }
    /// Registered positions that are not complete.
    public var outstanding: Int { state.withLock { $0.watermark.outstanding } }

    /// The next position in reading order.
    public func register(_ position: Position) -> Watermark.Ticket {
        state.withLock { $0.watermark.register(position) }
    }

    /// All of what was registered with this ticket is acknowledged.
    public func complete(_ ticket: Watermark.Ticket) {
        let quiet = state.withLock { state -> Latch? in
            _ = state.watermark.complete(ticket)
            guard state.watermark.outstanding == 0 else { return nil }
            defer { state.quiet = nil }
            return state.quiet
        }
        quiet?.open()
    }

    /// The position to be stored next; nil when the store has it already, or may not be told.
    public var unstored: Position? {
        let position = state.withLock { $0.watermark.position > $0.stored ? $0.watermark.position : nil }
        // In this order: what is dropped for want of a lease is acknowledged as well, but only once the fence is closed.
        return fence.isClosed ? nil : position
    }

    /// The store has this position.
    public func stored(_ position: Position) {
        state.withLock { $0.stored = max($0.stored, position) }
    }

    /// The lease is gone: nobody need wait for acknowledgements, and none of them may be stored.
    func abandon() {
        fence.close()
        abandoned.open()
    }

    /// The lease was renewed. False when that came too late: it has been taken for gone.
    func prolong(until deadline: MonotonicTime) -> Bool { fence.prolong(until: deadline) }

    /// True, for good, once the lease is gone or its time is up: another worker may be reading the same records, so that none of those that
    /// were read here may have an effect any more. Cheap; to be asked before a side effect, not long before.
    public var isAbandoned: Bool { !fence.isOpen(at: .now()) }

    /// Returns once nothing is outstanding, or nothing more will be acknowledged (`over` is open), or the lease is gone.
    /// True when everything is acknowledged under the lease.
    public func settle(unless over: Latch) async -> Bool {
        while !over.isOpen, !isAbandoned, !Task.isCancelled, let quiet = quietLatch() {
            await Latch.waitForAny(of: quiet, over, abandoned)
        }
        let isQuiet = outstanding == 0
        return isQuiet && !isAbandoned
    }

    private func quietLatch() -> Latch? {
        state.withLock { state in
            guard state.watermark.outstanding > 0 else { return nil }
            let latch = state.quiet ?? Latch()
            state.quiet = latch
            return latch
        }
    }
}
