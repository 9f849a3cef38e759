import Coordination
import Records

/// The rows of one source in a checkpoint file; every call is one transaction.
struct SQLiteLeaseTable: LeaseTable {
    let store: SQLiteStore
    let scope: String

    func start(proposing start: GroupStart) async throws(Failure) -> GroupStart {
        try await store.transaction(scope) { rows, _ in try rows.start(proposing: start) }
    }

    func storedStart() async throws(Failure) -> GroupStart? {
        try await store.transaction(scope) { rows, _ in try rows.groupStart() }
    }

    func startOver(_ start: GroupStart, replacing seen: GroupStart) async throws(Failure) -> GroupStart {
        try await store.transaction(scope) { rows, _ in try rows.startOver(start, replacing: seen) }
    }

    func create(_ leases: [NewLease]) async throws(Failure) {
        try await store.transaction(scope) { rows, _ in try rows.create(leases) }
    }

    func leases() async throws(Failure) -> [Lease] {
        try await store.transaction(scope) { rows, moment in try rows.rows().map { $0.lease(at: moment) } }
    }

    func acquire(_ requests: [AcquireRequest], owner: String, for duration: Duration) async throws(Failure) -> [AcquireOutcome] {
        try await store.transaction(scope) { rows, moment in
            try requests.map { request in
                try rows.change(request.shard) {
                    $0.acquire(owner: owner, for: duration, stealing: request.stealing, at: moment)
                } ?? .missing
            }
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

    func requestHandoffs(_ requests: [HandoffRequest], to next: String, within grace: Duration) async throws(Failure) -> [Bool] {
        try await store.transaction(scope) { rows, moment in
            try requests.map { request in
                try rows.change(request.shard) {
                    $0.requestHandoff(from: request.owner, to: next, within: grace, at: moment)
                } ?? false
            }
        }
    }

    func release(_ leases: [HeldLease]) async throws(Failure) {
        try await store.transaction(scope) { rows, _ in
            for lease in leases { _ = try rows.change(lease.shard) { $0.release(lease) } }
        }
    }

    func announce(_ worker: Worker, for duration: Duration) async throws(Failure) -> [Worker] {
        try await store.transaction(scope) { rows, moment in try rows.announce(worker, for: duration, at: moment) }
    }

    func withdraw(_ worker: String) async throws(Failure) {
        try await store.transaction(scope) { rows, _ in try rows.withdraw(worker) }
    }

    func overwrite(_ leases: [NewLease], force: Bool) async throws(Failure) -> [OverwriteOutcome] {
        try await store.transaction(scope) { rows, moment in
            try rows.create(leases)
            return try leases.map { lease in
                try rows.change(lease.shard) { $0.overwrite(lease.position, force: force, at: moment) } ?? .missing
            }
        }
    }

    func remove(_ shards: [String], force: Bool) async throws(Failure) -> [OverwriteOutcome] {
        try await store.transaction(scope) { rows, moment in
            try shards.map { shard in
                guard let row = try rows.row(shard) else { return .missing }
                if !force, let refusal = row.refusal(at: moment) { return refusal }
                try rows.remove(shard)
                return .done
            }
        }
    }
}
