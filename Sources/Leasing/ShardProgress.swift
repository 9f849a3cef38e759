public import Coordination
public import Records
import Synchronization

/// How far one shard (or file) is delivered: readers register positions in order, sinks complete them in any order.
public final class ShardProgress: Sendable {
    private struct State {
        var watermark: Watermark
        var stored: Position
        var settledWaiters: [Latch] = []
    }

    private let state: Mutex<State>

    public init(from position: Position) {
        state = Mutex(State(watermark: Watermark(from: position), stored: position))
    }

    public var position: Position { state.withLock { $0.watermark.position } }
    public var outstanding: Int { state.withLock { $0.watermark.outstanding } }

    public func register(_ position: Position) -> Watermark.Ticket {
        state.withLock { $0.watermark.register(position) }
    }

    public func complete(_ ticket: Watermark.Ticket) {
        let settled = state.withLock { state -> [Latch] in
            _ = state.watermark.complete(ticket)
            guard state.watermark.outstanding == 0 else { return [] }
            defer { state.settledWaiters = [] }
            return state.settledWaiters
        }
        for waiter in settled { waiter.open() }
    }

    /// The position to be stored next; nil when the store has it already.
    public var unstored: Position? {
        state.withLock { $0.watermark.position > $0.stored ? $0.watermark.position : nil }
    }

    /// The store has this position.
    public func stored(_ position: Position) {
        state.withLock { $0.stored = max($0.stored, position) }
    }

    /// Returns once nothing is outstanding, or nothing more will be acknowledged (`over` is open). True when nothing is outstanding.
    public func settle(unless over: Latch) async -> Bool {
        while outstanding > 0, !over.isOpen, !Task.isCancelled {
            let latch = Latch()
            state.withLock { state in
                if state.watermark.outstanding > 0 { state.settledWaiters.append(latch) } else { latch.open() }
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await latch.wait() }
                group.addTask { await over.wait() }
                await group.next()
                group.cancelAll()
            }
        }
        return outstanding == 0
    }
}
