public import Coordination
public import Records
import Synchronization

/// Leases and positions in this process's memory: for tests, dry runs and pipelines that may start over.
public final class MemoryStore: CheckpointStore {
    private let scopes = Mutex<[String: LeaseTableState]>([:])
    private let milliseconds: @Sendable () -> Int64

    /// `milliseconds` is the store's clock; only differences of its values mean anything.
    public init(milliseconds: @escaping @Sendable () -> Int64 = { MonotonicTime.now().nanoseconds / 1_000_000 }) {
        self.milliseconds = milliseconds
    }

    /// The rows of one source: the same at every call.
    public func table(_ scope: String) -> any LeaseTable {
        MemoryLeaseTable(store: self, scope: scope)
    }

    /// Does nothing: the rows go with the store.
    public func close() async {}

    fileprivate func transition<Answer: Sendable>(
        _ scope: String, _ body: (inout LeaseTableState, LeaseMoment) -> Answer
    ) -> Answer {
        scopes.withLock { body(&$0[scope, default: LeaseTableState()], LeaseMoment(now: milliseconds())) }
    }
}

private struct MemoryLeaseTable: LeaseTable {
    let store: MemoryStore
    let scope: String

    func start(proposing position: Position) -> Position {
        store.transition(scope) { state, _ in state.start(proposing: position) }
    }

    func create(_ leases: [NewLease]) {
        store.transition(scope) { state, _ in state.create(leases) }
    }

    func leases() -> [Lease] {
        store.transition(scope) { state, moment in state.leases(at: moment) }
    }

    func acquire(_ shard: String, owner: String, for duration: Duration, stealing token: Int64?) -> AcquireOutcome {
        store.transition(scope) { state, moment in state.acquire(shard, owner: owner, for: duration, stealing: token, at: moment) }
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

    func requestHandoff(_ shard: String, from owner: String, to next: String, within grace: Duration) -> Bool {
        store.transition(scope) { state, moment in state.requestHandoff(shard, from: owner, to: next, within: grace, at: moment) }
    }

    func release(_ leases: [HeldLease]) {
        store.transition(scope) { state, _ in state.release(leases) }
    }

    func announce(_ worker: String, for duration: Duration) -> [String] {
        store.transition(scope) { state, moment in state.announce(worker, for: duration, at: moment) }
    }

    func withdraw(_ worker: String) {
        store.transition(scope) { state, _ in state.withdraw(worker) }
    }
}
