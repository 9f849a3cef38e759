public import Records

/// A shard as ListShards describes it.
public struct Shard: Sendable, Hashable {
    /// `shardId-000000000000`.
    public var id: String
    /// The shard that it came from, where there was one.
    public var parent: String?
    /// The second parent of a shard that a merge made.
    public var adjacentParent: String?
    /// The part of the hash space that it owns.
    public var hashRange: HashRange
    /// Before its first record.
    public var startingSequence: SequenceNumber
    /// Present once the shard is closed.
    public var endingSequence: SequenceNumber?

    /// See the properties.
    public init(
        id: String, parent: String? = nil, adjacentParent: String? = nil, hashRange: HashRange, startingSequence: SequenceNumber,
        endingSequence: SequenceNumber? = nil
    ) {
        self.id = id
        self.parent = parent
        self.adjacentParent = adjacentParent
        self.hashRange = hashRange
        self.startingSequence = startingSequence
        self.endingSequence = endingSequence
    }

    /// The shards that it came from; empty for the first ones.
    public var parents: [String] { [parent, adjacentParent].compactMap { $0 } }
    /// It takes no more records.
    public var isClosed: Bool { endingSequence != nil }
}
