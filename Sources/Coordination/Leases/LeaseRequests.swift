/// One of several leases to be taken at once.
public struct AcquireRequest: Sendable, Hashable {
    /// The shard's id, or a file's identity.
    public var shard: String
    /// The token that was seen of a live lease that is to be taken from its owner; nil where only a free or expired one is wanted.
    public var stealing: Int64?

    /// See the properties.
    public init(_ shard: String, stealing token: Int64? = nil) {
        self.shard = shard
        stealing = token
    }
}

/// One of several live leases that their owners are to be asked for.
public struct HandoffRequest: Sendable, Hashable {
    /// The shard's id, or a file's identity.
    public var shard: String
    /// Who was seen to hold it.
    public var owner: String

    /// See the properties.
    public init(_ shard: String, from owner: String) {
        self.shard = shard
        self.owner = owner
    }
}

/// The answer to a change of a row by somebody who does not hold its lease.
public enum OverwriteOutcome: Sendable, Hashable {
    case done
    /// Somebody holds it, and has this much time left; nothing was changed.
    case live(owner: String, remaining: Duration)
    /// There is no such row.
    case missing
}
