/// A worker that has announced itself: it lives, and wants a share.
public struct Worker: Sendable, Hashable {
    /// Unique to its process and run.
    public var name: String
    /// `max_shard_consumers`: the most leases that it will hold; nil for no limit.
    public var capacity: Int?

    /// See the properties.
    public init(_ name: String, capacity: Int? = nil) {
        self.name = name
        self.capacity = capacity
    }
}
