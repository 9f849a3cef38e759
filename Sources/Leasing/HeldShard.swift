public import Coordination
public import Records

/// A shard (or file) that this worker reads under a lease.
public struct HeldShard: Sendable {
    /// What reading and storing positions is allowed by.
    public let lease: HeldLease
    /// Where reading begins.
    public let start: Position
    /// What was read, and how much of it is acknowledged.
    public let progress: ShardProgress
    /// Open: read no more; the lease is wanted elsewhere, lost, or the run ends.
    public let stop: Latch

    init(lease: HeldLease, start: Position, until deadline: MonotonicTime) {
        self.lease = lease
        self.start = start
        progress = ShardProgress(from: start, until: deadline)
        stop = Latch()
    }

    /// The lease is gone: nothing more may be read or stored, and nobody need wait for acknowledgements.
    func abandon() {
        progress.abandon()
        stop.open()
    }
}
