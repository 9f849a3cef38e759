import Coordination

struct SplitShard: Call {
    static let operation = Operation.splitShard

    let target: StreamIdentifier
    let shard: String
    /// The first hash key of the upper child.
    let newStartingHashKey: HashKey

    var stream: StreamIdentifier? { target }

    func body() -> HashedBody {
        var body = JSONBody()
        body.field(target)
        body.field("ShardToSplit", shard)
        body.field("NewStartingHashKey", String(newStartingHashKey))
        return body.finished()
    }
}

struct MergeShards: Call {
    static let operation = Operation.mergeShards

    let target: StreamIdentifier
    let shard: String
    let adjacent: String

    var stream: StreamIdentifier? { target }

    func body() -> HashedBody {
        var body = JSONBody()
        body.field(target)
        body.field("ShardToMerge", shard)
        body.field("AdjacentShardToMerge", adjacent)
        return body.finished()
    }
}
