public import Coordination
import Leasing
import Synchronization

extension Producer {
    /// The stream's open shards, by which records are sent; nil while they are unknown.
    public var shardMap: ShardMap? { shared.withLock { $0.state.shardMap } }

    /// Returns once the shards were listed, or could not be, or the task is cancelled: before that nothing is sent.
    public func shardsListed() async { await firstListing.wait() }
}
