import Records

/// What a listing of the stream says of a shard whose end is in doubt.
public struct ShardSighting: Sendable, Hashable {
    /// Nil where the listing does not show it: retention has trimmed it, or the stream is another one.
    public var shard: Shard?
    /// The shards that came from it.
    public var children: [Shard]

    /// Finds a shard and its children in a listing of all shards.
    public init(of shard: String, in listing: [Shard]) {
        self.shard = listing.first { $0.id == shard }
        children = listing.filter { $0.parents.contains(shard) }
    }
}

/// Whether a shard that gave no place to read on is at its end, asked of listings until they agree with it: pure.
///
/// A closed shard's last reply names its children; for servers that do not, ListShards has to tell. A listing may be older than the reply.
struct EndCheck: Sendable {
    private var sightings = 0

    /// So many listings may deny what the shard's own reply said.
    private static let mostSightings = 10
    /// So many listings may show a closed shard without children: theirs come with the consumer's next listing.
    private static let childlessSightings = 3

    enum Verdict: Sendable, Hashable {
        case ended(children: [Shard])
        case askAgain
        case contradiction
    }

    mutating func judge(_ sighting: ShardSighting) -> Verdict {
        guard let shard = sighting.shard, sighting.children.isEmpty else { return .ended(children: sighting.children) }
        sightings += 1
        if shard.isClosed, sightings >= Self.childlessSightings { return .ended(children: []) }
        return sightings >= Self.mostSightings ? .contradiction : .askAgain
    }
}
