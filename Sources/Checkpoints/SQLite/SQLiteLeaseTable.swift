import Coordination
import Records

/// The rows of one source in a checkpoint file; every call is one transaction.
struct SQLiteLeaseTable: LeaseTable {
    let store: SQLiteStore
    let scope: String

    func start(proposing position: Position) async throws(Failure) -> Position {
        try await store.transaction(scope) { rows, _ in try rows.start(proposing: position) }
    }

    func create(_ leases: [NewLease]) async throws(Failure) {
        try await store.transaction(scope) { rows, _ in try rows.create(leases) }
    }

    func leases() async throws(Failure) -> [Lease] {
        try await store.transaction(scope) { rows, moment in try rows.rows().map { $0.lease(at: moment) } }
    }

    func acquire(_ shard: String, owner: String, for duration: Duration, stealing token: Int64?) async throws(Failure) -> AcquireOutcome {
        try await store.transaction(scope) { rows, moment in
            try rows.change(shard) { $0.acquire(owner: owner, for: duration, stealing: token, at: moment) } ?? .missing
        }
    }

    func renew(_ leases: [HeldLease], for duration: Duration) async throws(Failure) -> [RenewOutcome] {
        try await store.transaction(scope) { rows, moment in
            try leases.map { lease in try rows.change(lease.shard) { $0.renew(lease, for: duration, at: moment) } ?? .lost }
        }
    }

    func checkpoint(_ changes: [(lease: HeldLease, position: Position)]) async throws(Failure) -> [CheckpointOutcome] {
        try await store.transaction(scope) { rows, _ in
            try changes.map { change in
                try rows.change(change.lease.shard) { $0.checkpoint(change.lease, at: change.position) } ?? .lost
            }
        }
    }

    func finish(_ lease: HeldLease, children: [NewLease]) async throws(Failure) -> Bool {
        try await store.transaction(scope) { rows, _ in
            guard try rows.change(lease.shard, { $0.finish(lease) }) == true else { return false }
            try rows.create(children)
            return true
        }
    }

    func requestHandoff(
        _ shard: String, from owner: String, to next: String, within grace: Duration
    ) async throws(Failure) -> Bool {
        try await store.transaction(scope) { rows, moment in
            try rows.change(shard) { $0.requestHandoff(from: owner, to: next, within: grace, at: moment) } ?? false
        }
    }

    func release(_ leases: [HeldLease]) async throws(Failure) {
        try await store.transaction(scope) { rows, _ in
            for lease in leases { _ = try rows.change(lease.shard) { $0.release(lease) } }
        }
    }

    func announce(_ worker: String, for duration: Duration) async throws(Failure) -> [String] {
        try await store.transaction(scope) { rows, moment in try rows.announce(worker, for: duration, at: moment) }
    }

    func withdraw(_ worker: String) async throws(Failure) {
        try await store.transaction(scope) { rows, _ in try rows.withdraw(worker) }
    }
}
