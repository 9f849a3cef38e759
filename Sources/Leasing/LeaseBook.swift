import Coordination
import Records

/// The leases that a worker holds and what hangs on each: pure, kept under the holder's lock.
struct LeaseBook {
    private(set) var held: HeldLeases
    private(set) var entries: [String: HeldShard] = [:]
    /// Leases that another worker waits for.
    private var handingOver: Set<HeldLease> = []

    init(sessionTimeout: Duration) {
        held = HeldLeases(duration: sessionTimeout)
    }

    mutating func acquired(_ lease: HeldLease, from start: Position, requestedAt time: MonotonicTime) -> HeldShard {
        let deadline = held.acquired(lease, requestedAt: time)
        let shard = HeldShard(lease: lease, start: start, until: deadline)
        entries[lease.shard] = shard
        return shard
    }

    /// False when the renewal came too late: somebody has acted on the lease's end.
    mutating func renewed(_ lease: HeldLease, isAskedFor: Bool, requestedAt time: MonotonicTime) -> Bool {
        guard let deadline = held.renewed(lease, isAskedFor: isAskedFor, requestedAt: time), let shard = shard(of: lease) else {
            return true
        }
        return shard.progress.prolong(until: deadline)
    }

    /// The lease is not this worker's any more. Nil where that was known.
    mutating func drop(_ lease: HeldLease) -> HeldShard? {
        held.drop(lease)
        handingOver.remove(lease)
        guard let shard = shard(of: lease) else { return nil }
        entries[lease.shard] = nil
        return shard
    }

    /// Leases whose time ran out without a renewal.
    mutating func expire(now: MonotonicTime) -> [HeldShard] {
        held.expire(now: now).compactMap { drop($0) }
    }

    /// Another worker wants it. Nil where that was known.
    mutating func beginHandover(of lease: HeldLease) -> HeldShard? {
        guard let shard = shard(of: lease), handingOver.insert(lease).inserted else { return nil }
        return shard
    }

    /// What hangs on this very lease; nil where the shard is held by another lease or not at all.
    func shard(of lease: HeldLease) -> HeldShard? {
        entries[lease.shard].flatMap { $0.lease == lease ? $0 : nil }
    }

    func isHandingOver(_ lease: HeldLease) -> Bool { handingOver.contains(lease) }

    /// Positions that moved since they were last stored.
    var unstored: [(lease: HeldLease, position: Position)] {
        entries.values.compactMap { shard in shard.progress.unstored.map { (shard.lease, $0) } }
    }
}
