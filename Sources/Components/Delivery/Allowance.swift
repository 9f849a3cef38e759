import DequeModule
import Synchronization

/// What a sink may have taken on without having made it durable, in records and bytes: writers wait while it is used up.
final class Allowance: Sendable {
    /// A part of the allowance that somebody uses.
    struct Share: Sendable {
        var records = 0
        var bytes = 0

        mutating func add(_ other: Share) {
            records += other.records
            bytes += other.bytes
        }
    }

    private struct Waiter {
        let id: UInt64
        let share: Share
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var used = Share()
        var failure: (any Error)?
        /// Those that came first get what is given back first.
        var waiters: Deque<Waiter> = []
        var nextID: UInt64 = 0
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
        try Task.checkCancellation()
        if let taken = state.withLock({ takeNow(share, &$0) }) { return try taken.get() }
        let id = state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if let taken = takeNow(share, &state) { return taken }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiters.append(Waiter(id: id, share: share, continuation: continuation))
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Nil where it has to wait, behind all that wait already.
    private func takeNow(_ share: Share, _ state: inout State) -> Result<Void, any Error>? {
        if let failure = state.failure { return .failure(failure) }
        guard state.waiters.isEmpty, !isUsedUp(state.used) else { return nil }
        state.used.add(share)
        return .success(())
    }

    func giveBack(_ share: Share) {
        let granted = state.withLock { state in
            state.used.records -= share.records
            state.used.bytes -= share.bytes
            var granted: [Waiter] = []
            while !isUsedUp(state.used), let waiter = state.waiters.popFirst() {
                state.used.add(waiter.share)
                granted.append(waiter)
            }
            return granted
        }
        for waiter in granted { waiter.continuation.resume() }
    }

    /// The sink is at its end: writers get this error.
    func fail(_ error: any Error) {
        let waiters = state.withLock { state in
            state.failure = state.failure ?? error
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(throwing: error) }
    }

    private func isUsedUp(_ used: Share) -> Bool { used.records >= limit.records || used.bytes >= limit.bytes }
}
