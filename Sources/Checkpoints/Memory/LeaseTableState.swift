import Coordination
import Records

/// The lease table of one source as a pure value: the contract without a store.
struct LeaseTableState: Sendable {
    private(set) var rows: [String: LeaseRow] = [:]
    /// Workers by name, and when their announcements end, in milliseconds on the store's clock.
    private(set) var workers: [String: (worker: Worker, expiry: Int64)] = [:]
    private(set) var groupStart: GroupStart?

    mutating func start(proposing start: GroupStart) -> GroupStart {
        var stored = groupStart ?? start
        stored.identity = stored.identity ?? start.identity
        groupStart = stored
        return stored
    }

    mutating func startOver(_ start: GroupStart, replacing seen: GroupStart) -> GroupStart {
        guard groupStart == nil || groupStart == seen else { return groupStart ?? start }
        rows = [:]
        groupStart = start
        return start
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
        _ requests: [AcquireRequest], owner: String, for duration: Duration, at moment: LeaseMoment
    ) -> [AcquireOutcome] {
        requests.map { rows[$0.shard]?.acquire(owner: owner, for: duration, stealing: $0.stealing, at: moment) ?? .missing }
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

    mutating func requestHandoffs(
        _ requests: [HandoffRequest], to next: String, within grace: Duration, at moment: LeaseMoment
    ) -> [Bool] {
        requests.map { rows[$0.shard]?.requestHandoff(from: $0.owner, to: next, within: grace, at: moment) ?? false }
    }

    mutating func release(_ leases: [HeldLease]) {
        for lease in leases { rows[lease.shard]?.release(lease) }
    }

    mutating func announce(_ worker: Worker, for duration: Duration, at moment: LeaseMoment) -> [Worker] {
        workers[worker.name] = (worker, moment.now + duration.wholeMilliseconds)
        workers = workers.filter { $0.value.expiry > moment.now && !moment.isGone($0.key) }
        return workers.values.map(\.worker).sorted { $0.name < $1.name }
    }

    mutating func withdraw(_ worker: String) {
        workers[worker] = nil
    }

    mutating func overwrite(_ leases: [NewLease], force: Bool, at moment: LeaseMoment) -> [OverwriteOutcome] {
        leases.map { lease in
            var row = rows[lease.shard] ?? LeaseRow(lease)
            let outcome = row.overwrite(lease.position, force: force, at: moment)
            rows[lease.shard] = row
            return outcome
        }
    }

    mutating func remove(_ shards: [String], force: Bool, at moment: LeaseMoment) -> [OverwriteOutcome] {
        shards.map { shard in
            guard let row = rows[shard] else { return .missing }
            if !force, let refusal = row.refusal(at: moment) { return refusal }
            rows[shard] = nil
            return .done
        }
    }
}
