public import Coordination
import Synchronization

extension Producer {
    /// The stream's open shards, by which records are sent; nil while they are unknown.
    public var shardMap: ShardMap? { shared.withLock { $0.state.shardMap } }
}
