import Synchronization

/// What a sink may have taken on without having made it durable, in records and bytes: writers wait while it is used up.
///
/// What is given back goes to the writer that has the least of it: one whose records leave slowly does not take it all in the end, and
/// leave the others without work.
final class Allowance: Sendable {
    typealias Writer = ObjectIdentifier?

    /// A part of the allowance that somebody uses.
    struct Share: Sendable {
        var records = 0
        var bytes = 0

        mutating func add(_ other: Share) {
            records += other.records
            bytes += other.bytes
        }

        mutating func subtract(_ other: Share) {
            records -= other.records
            bytes -= other.bytes
        }
    }

    private struct Waiter {
        let id: UInt64
        let writer: Writer
        let share: Share
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var used = Share()
        /// The parts of `used` that are not nothing.
        var parts: [Writer: Share] = [:]
        var failure: (any Error)?
        /// In the order in which they came.
        var waiters: [Waiter] = []
        var nextID: UInt64 = 0

        mutating func take(_ share: Share, for writer: Writer) {
            used.add(share)
            parts[writer, default: Share()].add(share)
        }

        mutating func giveBack(_ share: Share, of writer: Writer) {
            used.subtract(share)
            parts[writer]?.subtract(share)
            if parts[writer]?.records == 0 { parts[writer] = nil }
        }

        /// The waiter that is next, of those with equal parts the first that came.
        mutating func popWaiter(of limit: Share) -> Waiter? {
            guard let next = waiters.indices.min(by: { part(of: $0, limit) < part(of: $1, limit) }) else { return nil }
            return waiters.remove(at: next)
        }

        private func part(of index: Int, _ limit: Share) -> Double {
            let part = parts[waiters[index].writer] ?? Share()
            return max(Double(part.records) / Double(limit.records), Double(part.bytes) / Double(limit.bytes))
        }
    }

    private let limit: Share
    private let state = Mutex(State())

    init(records: Int, bytes: Int) {
        limit = Share(records: records, bytes: bytes)
    }

    /// Nobody gets more until something is given back.
    var isUsedUp: Bool { state.withLock { isUsedUp($0.used) } }

    /// How many wait.
    var waiting: Int { state.withLock { $0.waiters.count } }

    /// Waits while the allowance is used up; one share may pass it by its own size. Throws the sink's failure once there is one, or
    /// `CancellationError`.
    func take(_ share: Share, for writer: Writer) async throws {
        try Task.checkCancellation()
        if let taken = state.withLock({ takeNow(share, for: writer, &$0) }) { return try taken.get() }
        let id = state.withLock { state in
            defer { state.nextID += 1 }
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if let taken = takeNow(share, for: writer, &state) { return taken }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waiters.append(Waiter(id: id, writer: writer, share: share, continuation: continuation))
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
    private func takeNow(_ share: Share, for writer: Writer, _ state: inout State) -> Result<Void, any Error>? {
        if let failure = state.failure { return .failure(failure) }
        guard state.waiters.isEmpty, !isUsedUp(state.used) else { return nil }
        state.take(share, for: writer)
        return .success(())
    }

    func giveBack(_ share: Share, of writer: Writer) {
        let granted = state.withLock { state in
            state.giveBack(share, of: writer)
            var granted: [Waiter] = []
            while !isUsedUp(state.used), let waiter = state.popWaiter(of: limit) {
                state.take(waiter.share, for: waiter.writer)
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
