import Leasing
import Synchronization

/// What a sink may have taken on without having made it durable, in records and bytes: writers wait while it is used up.
final class Allowance: Sendable {
    /// A part of the allowance that somebody uses.
    struct Share: Sendable {
        var records = 0
        var bytes = 0
    }

    private struct State {
        var used = Share()
        var failure: (any Error)?
        /// Opened, and replaced, whenever there is room again.
        var room = Latch()
    }

    private let limit: Share
    private let state = Mutex(State())

    init(records: Int, bytes: Int) {
        limit = Share(records: records, bytes: bytes)
    }

    /// Nobody gets more until something is given back.
    var isUsedUp: Bool { state.withLock { isUsedUp($0.used) } }

    /// Waits while the allowance is used up; one share may pass it by its own size. Throws the sink's failure once there is one, or
    /// `CancellationError`.
    func take(_ share: Share) async throws {
        while true {
            try Task.checkCancellation()
            let room: Latch? = try state.withLock { state in
                if let failure = state.failure { throw failure }
                if isUsedUp(state.used) { return state.room }
                state.used.records += share.records
                state.used.bytes += share.bytes
                return nil
            }
            guard let room else { return }
            await room.wait()
        }
    }

    func giveBack(_ share: Share) {
        let room: Latch? = state.withLock { state in
            let wasUsedUp = isUsedUp(state.used)
            state.used.records -= share.records
            state.used.bytes -= share.bytes
            guard wasUsedUp, !isUsedUp(state.used) else { return nil }
            defer { state.room = Latch() }
            return state.room
        }
        room?.open()
    }

    /// The sink is at its end: writers get this error.
    func fail(_ error: any Error) {
        let room = state.withLock { state in
            state.failure = state.failure ?? error
            return state.room
        }
        room.open()
    }

    private func isUsedUp(_ used: Share) -> Bool { used.records >= limit.records || used.bytes >= limit.bytes }
}
