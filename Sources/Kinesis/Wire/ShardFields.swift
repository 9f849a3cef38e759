import Coordination
import Records

extension Fields {
    /// A shard as ListShards and DescribeStream describe it.
    func shard() throws(MalformedReply) -> Shard {
        let sequences = try object("SequenceNumberRange")
        return Shard(
            id: try string("ShardId"), parent: try optionalString("ParentShardId"),
            adjacentParent: try optionalString("AdjacentParentShardId"),
            hashRange: try hashRange(), startingSequence: try sequences.sequence("StartingSequenceNumber"),
            endingSequence: try sequences.optionalSequence("EndingSequenceNumber"))
    }

    /// A child shard as GetRecords names it at the end of its parent: its parents in a list, no sequence numbers.
    func childShard() throws(MalformedReply) -> Shard {
        var parents: [String] = []
        for value in try list("ParentShards") {
            guard let parent = value.string else { throw MalformedReply("ParentShards holds \(value.typeName), not a string") }
            parents.append(parent)
        }
        return Shard(
            id: try string("ShardId"), parent: parents.first, adjacentParent: parents.dropFirst().first, hashRange: try hashRange(),
            startingSequence: SequenceNumber(0))
    }

    private func hashRange() throws(MalformedReply) -> HashRange {
        let range = try object("HashKeyRange")
        let (start, end) = (try range.string("StartingHashKey"), try range.string("EndingHashKey"))
        guard let start = HashKey(start), let end = HashKey(end), start <= end else { throw MalformedReply("HashKeyRange is not a range") }
        return HashRange(start: start, end: end)
    }
}
