import Checkpoints
import Coordination
import Records
import Synchronization

/// A lease table that can lose all that it knows, as a Redis without a disk does.
final class ForgettingStore: LeaseTable {
    private let table = Mutex<any LeaseTable>(MemoryStore().table("orders"))
    private let count = Mutex(0)

    /// How often all rows were read.
    var looks: Int { count.withLock { $0 } }

    func forget() { table.withLock { $0 = MemoryStore().table("orders") } }

    private var current: any LeaseTable { table.withLock { $0 } }

    func leases() async throws -> [Lease] {
        let rows = try await current.leases()
        count.withLock { $0 += 1 }
        return rows
    }

    func start(proposing start: GroupStart) async throws -> GroupStart { try await current.start(proposing: start) }
    func storedStart() async throws -> GroupStart? { try await current.storedStart() }
    func startOver(_ start: GroupStart, replacing seen: GroupStart) async throws -> GroupStart {
        try await current.startOver(start, replacing: seen)
    }
    func create(_ leases: [NewLease]) async throws { try await current.create(leases) }
    func acquire(_ requests: [AcquireRequest], owner: String, for duration: Duration) async throws -> [AcquireOutcome] {
        try await current.acquire(requests, owner: owner, for: duration)
    }
    func renew(_ leases: [HeldLease], for duration: Duration) async throws -> [RenewOutcome] {
        try await current.renew(leases, for: duration)
    }
    func checkpoint(_ changes: [(lease: HeldLease, position: Position)]) async throws -> [CheckpointOutcome] {
        try await current.checkpoint(changes)
    }
    func finish(_ lease: HeldLease, children: [NewLease]) async throws -> Bool { try await current.finish(lease, children: children) }
    func requestHandoffs(_ requests: [HandoffRequest], to next: String, within grace: Duration) async throws -> [Bool] {
        try await current.requestHandoffs(requests, to: next, within: grace)
    }
    func release(_ leases: [HeldLease]) async throws { try await current.release(leases) }
    func announce(_ worker: Worker, for duration: Duration) async throws -> [Worker] {
        try await current.announce(worker, for: duration)
    }
    func withdraw(_ worker: String) async throws { try await current.withdraw(worker) }
    func overwrite(_ leases: [NewLease], force: Bool) async throws -> [OverwriteOutcome] {
        try await current.overwrite(leases, force: force)
    }
    func remove(_ shards: [String], force: Bool) async throws -> [OverwriteOutcome] { try await current.remove(shards, force: force) }
}
