import Coordination
import Records

/// The lease table of one source as a pure value: the contract without a store.
struct LeaseTableState: Sendable, Hashable {
    private(set) var rows: [String: LeaseRow] = [:]
    /// Workers and when their announcements end, in milliseconds on the store's clock.
    private(set) var workers: [String: Int64] = [:]
    private(set) var startPosition: Position?

    mutating func start(proposing position: Position) -> Position {
        let stored = startPosition ?? position
        startPosition = stored
        return stored
    }

    mutating func create(_ leases: [NewLease]) {
        for lease in leases where rows[lease.shard] == nil {
            rows[lease.shard] = LeaseRow(lease)
        }
    }

    func leases(at moment: LeaseMoment) -> [Lease] {
        rows.values.sorted { $0.shard < $1.shard }.map { $0.lease(at: moment) }
    }

    mutating func acquire(
        _ shard: String, owner: String, for duration: Duration, stealing token: Int64?, at moment: LeaseMoment
    ) -> AcquireOutcome {
        rows[shard]?.acquire(owner: owner, for: duration, stealing: token, at: moment) ?? .missing
    }

    mutating func renew(_ leases: [HeldLease], for duration: Duration, at moment: LeaseMoment) -> [RenewOutcome] {
        leases.map { rows[$0.shard]?.renew($0, for: duration, at: moment) ?? .lost }
    }

    mutating func checkpoint(_ changes: [(lease: HeldLease, position: Position)]) -> [CheckpointOutcome] {
        changes.map { rows[$0.lease.shard]?.checkpoint($0.lease, at: $0.position) ?? .lost }
    }

    mutating func finish(_ lease: HeldLease, children: [NewLease]) -> Bool {
        guard rows[lease.shard]?.finish(lease) == true else { return false }
        create(children)
        return true
    }

    mutating func requestHandoff(
        _ shard: String, from owner: String, to next: String, within grace: Duration, at moment: LeaseMoment
    ) -> Bool {
        rows[shard]?.requestHandoff(from: owner, to: next, within: grace, at: moment) ?? false
    }

    mutating func release(_ leases: [HeldLease]) {
        for lease in leases { rows[lease.shard]?.release(lease) }
    }

    mutating func announce(_ worker: String, for duration: Duration, at moment: LeaseMoment) -> [String] {
        workers[worker] = moment.now + duration.wholeMilliseconds
        workers = workers.filter { $0.value > moment.now && !moment.isGone($0.key) }
        return workers.keys.sorted()
    }

    mutating func withdraw(_ worker: String) {
        workers[worker] = nil
    }
}
