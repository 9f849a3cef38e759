public import Coordination
import Synchronization

extension Producer {
    /// The shard that takes records with this hash key, by the shard map in use; nil while that is unknown.
    public func predictedShard(of key: HashKey) -> String? {
        shared.withLock { $0.state.shardMap?.shard(of: key) }
    }
}
