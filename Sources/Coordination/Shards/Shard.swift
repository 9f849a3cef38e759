public import Records

/// A shard as ListShards describes it.
public struct Shard: Sendable, Hashable {
    /// `shardId-000000000000`.
    public var id: String
    public var parent: String?
    /// The second parent of a shard that a merge made.
    public var adjacentParent: String?
    public var hashRange: HashRange
    public var startingSequence: SequenceNumber
    /// Present once the shard is closed.
    public var endingSequence: SequenceNumber?

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

    public var parents: [String] { [parent, adjacentParent].compactMap { $0 } }
    public var isClosed: Bool { endingSequence != nil }
}
