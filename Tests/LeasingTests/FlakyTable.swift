import Coordination
import Leasing
import Records
import Synchronization

/// A lease table whose calls can be made to fail or to hang.
final class FlakyTable: LeaseTable {
    enum Trouble: Sendable {
        case fails
        case hangs
    }

    enum Call: Sendable {
        case acquire, renew, checkpoint, finish, release, withdraw
    }

    private let table: any LeaseTable
    private let troubles = Mutex<[Call: Trouble]>([:])
    private let counts = Mutex<[Call: Int]>([:])

    init(_ table: any LeaseTable) {
        self.table = table
    }

    func set(_ trouble: Trouble?, for calls: Call...) {
        troubles.withLock { troubles in for call in calls { troubles[call] = trouble } }
    }

    func count(_ call: Call) -> Int { counts.withLock { $0[call, default: 0] } }

    private func pass(_ call: Call) async throws {
        counts.withLock { $0[call, default: 0] += 1 }
        switch troubles.withLock({ $0[call] }) {
        case nil: return
        case .fails: throw Failure("store_down", "the store is down")
        case .hangs:
            await Latch().wait()
            throw CancellationError()
        }
    }

    func start(proposing start: GroupStart) async throws -> GroupStart { try await table.start(proposing: start) }
    func storedStart() async throws -> GroupStart? { try await table.storedStart() }
    func startOver(_ start: GroupStart, replacing seen: GroupStart) async throws -> GroupStart {
        try await table.startOver(start, replacing: seen)
    }
    func create(_ leases: [NewLease]) async throws { try await table.create(leases) }
    func leases() async throws -> [Lease] { try await table.leases() }
    func announce(_ worker: Worker, for duration: Duration) async throws -> [Worker] { try await table.announce(worker, for: duration) }

    func acquire(_ requests: [AcquireRequest], owner: String, for duration: Duration) async throws -> [AcquireOutcome] {
        try await pass(.acquire)
        return try await table.acquire(requests, owner: owner, for: duration)
    }

    func renew(_ leases: [HeldLease], for duration: Duration) async throws -> [RenewOutcome] {
        try await pass(.renew)
        return try await table.renew(leases, for: duration)
    }

    func checkpoint(_ changes: [(lease: HeldLease, position: Position)]) async throws -> [CheckpointOutcome] {
        try await pass(.checkpoint)
        return try await table.checkpoint(changes)
    }

    func finish(_ lease: HeldLease, children: [NewLease]) async throws -> Bool {
        try await pass(.finish)
        return try await table.finish(lease, children: children)
    }

    func requestHandoffs(_ requests: [HandoffRequest], to next: String, within grace: Duration) async throws -> [Bool] {
        try await table.requestHandoffs(requests, to: next, within: grace)
    }

    func release(_ leases: [HeldLease]) async throws {
        try await pass(.release)
        try await table.release(leases)
    }

    func overwrite(_ leases: [NewLease], force: Bool) async throws -> [OverwriteOutcome] {
        try await table.overwrite(leases, force: force)
    }

    func remove(_ shards: [String], force: Bool) async throws -> [OverwriteOutcome] { try await table.remove(shards, force: force) }

    func withdraw(_ worker: String) async throws {
        try await pass(.withdraw)
        try await table.withdraw(worker)
    }
}
