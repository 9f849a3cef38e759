public import Coordination
public import Records

/// A shard (or file) that this worker reads under a lease.
public struct HeldShard: Sendable {
    public let lease: HeldLease
    /// Where reading begins.
    public let start: Position
    public let progress: ShardProgress
    /// Open: read no more; the lease is wanted elsewhere, lost, or the run ends.
    public let stop: Latch

    init(lease: HeldLease, start: Position) {
        self.lease = lease
        self.start = start
        progress = ShardProgress(from: start)
        stop = Latch()
    }
}
