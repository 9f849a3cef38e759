public import Coordination
public import Records
import Synchronization

/// Leases and positions in this process's memory: for tests, dry runs and pipelines that may start over.
public final class MemoryStore: CheckpointStore {
    private let scopeStates = Mutex<[String: LeaseTableState]>([:])
    private let milliseconds: @Sendable () -> Int64

    /// `milliseconds` is the store's clock; only differences of its values mean anything.
    public init(milliseconds: @escaping @Sendable () -> Int64 = { MonotonicTime.now().nanoseconds / 1_000_000 }) {
        self.milliseconds = milliseconds
    }

    /// The rows of one source: the same at every call.
    public func table(_ scope: String) -> any LeaseTable {
        MemoryLeaseTable(store: self, scope: scope)
    }

    /// Those that were used.
    public func scopes() async -> [String] {
        scopeStates.withLock { $0.keys.sorted() }
    }

    /// Does nothing: the rows go with the store.
    public func close() async {}

    fileprivate func transition<Answer: Sendable>(
        _ scope: String, _ body: (inout LeaseTableState, LeaseMoment) -> Answer
    ) -> Answer {
        scopeStates.withLock { scopes in
            let moment = LeaseMoment(now: milliseconds(), microseconds: MonotonicTime.now().nanoseconds / 1_000)
            return body(&scopes[scope, default: LeaseTableState()], moment)
        }
    }
}

private struct MemoryLeaseTable: LeaseTable {
    let store: MemoryStore
    let scope: String

    func start(proposing start: GroupStart) -> GroupStart {
        store.transition(scope) { state, _ in state.start(proposing: start) }
    }

    func storedStart() -> GroupStart? {
        store.transition(scope) { state, _ in state.groupStart }
    }

    func startOver(_ start: GroupStart, replacing seen: GroupStart) -> GroupStart {
        store.transition(scope) { state, _ in state.startOver(start, replacing: seen) }
    }

    func create(_ leases: [NewLease]) {
        store.transition(scope) { state, _ in state.create(leases) }
    }

    func leases() -> [Lease] {
        store.transition(scope) { state, moment in state.leases(at: moment) }
    }

    func acquire(_ requests: [AcquireRequest], owner: String, for duration: Duration) -> [AcquireOutcome] {
        store.transition(scope) { state, moment in state.acquire(requests, owner: owner, for: duration, at: moment) }
    }

    func renew(_ leases: [HeldLease], for duration: Duration) -> [RenewOutcome] {
        store.transition(scope) { state, moment in state.renew(leases, for: duration, at: moment) }
    }

    func checkpoint(_ changes: [(lease: HeldLease, position: Position)]) -> [CheckpointOutcome] {
        store.transition(scope) { state, _ in state.checkpoint(changes) }
    }

    func finish(_ lease: HeldLease, children: [NewLease]) -> Bool {
        store.transition(scope) { state, _ in state.finish(lease, children: children) }
    }

    func requestHandoffs(_ requests: [HandoffRequest], to next: String, within grace: Duration) -> [Bool] {
        store.transition(scope) { state, moment in state.requestHandoffs(requests, to: next, within: grace, at: moment) }
    }

    func release(_ leases: [HeldLease]) {
        store.transition(scope) { state, _ in state.release(leases) }
    }

    func announce(_ worker: Worker, for duration: Duration) -> [Worker] {
        store.transition(scope) { state, moment in state.announce(worker, for: duration, at: moment) }
    }

    func withdraw(_ worker: String) {
        store.transition(scope) { state, _ in state.withdraw(worker) }
    }

    func overwrite(_ leases: [NewLease], force: Bool) -> [OverwriteOutcome] {
        store.transition(scope) { state, moment in state.overwrite(leases, force: force, at: moment) }
    }

    func remove(_ shards: [String], force: Bool) -> [OverwriteOutcome] {
        store.transition(scope) { state, moment in state.remove(shards, force: force, at: moment) }
    }
}
