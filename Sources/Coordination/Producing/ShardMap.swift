/// The open shards of a stream by the part of the hash space that each owns.
public struct ShardMap: Sendable, Hashable {
    /// One open shard.
    public struct Destination: Sendable, Hashable {
        /// The shard's id.
        public var shard: String
        /// What the shard owns of the hash space.
        public var range: HashRange
    }

    /// Ordered by the start of their ranges.
    public let destinations: [Destination]

    /// The open ones of `shards`, as ListShards gives them; closed ones take no records and are left out.
    public init(_ shards: some Sequence<Shard>) {
        destinations = shards.lazy.filter { !$0.isClosed }
            .map { Destination(shard: $0.id, range: $0.hashRange) }
            .sorted { ($0.range.start, $0.shard) < ($1.range.start, $1.shard) }
    }

    /// The index in `destinations` of the shard that takes records with this hash key; nil in a hole of the map.
    public func index(of key: HashKey) -> Int? {
        var (low, high) = (0, destinations.count)
        while low < high {
            let middle = (low + high) / 2
            if destinations[middle].range.start <= key { low = middle + 1 } else { high = middle }
        }
        guard low > 0, destinations[low - 1].range.contains(key) else { return nil }
        return low - 1
    }

    /// Whether the shard's range holds all of the keys; nil where the shard is not known.
    func owns(_ shard: String, all keys: [HashKey]) -> Bool? {
        destinations.first { $0.shard == shard }.map { keys.allSatisfy($0.range.contains) }
    }

    /// The id of the shard that takes records with this hash key; nil in a hole of the map.
    public func shard(of key: HashKey) -> String? {
        index(of: key).map { destinations[$0].shard }
    }
}
