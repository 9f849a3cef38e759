public import Records

/// A row of the lease table: one shard (or file) of one source, who reads it and how far it is done.
public struct Lease: Sendable, Hashable {
    /// The shard's id, or a file's identity.
    public var shard: String
    /// How far it is done.
    public var position: Position
    /// The worker that holds the lease, whether or not it has expired.
    public var owner: String?
    /// Grows at every change of ownership and never decreases: a write with an older token is refused.
    public var token: Int64
    /// Time left by the store's clock when the row was read; nil when nobody holds it or it has expired.
    public var remaining: Duration?
    /// The worker that has asked the owner to hand the shard over.
    public var nextOwner: String?
    /// The owner has not handed over in time: anybody may take the lease with its token.
    public var handoffIsOverdue: Bool
    /// The shards that it came from; empty for the first ones.
    public var parents: [String]
    /// The part of the hash space that it owns; nil for what is no shard.
    public var hashRange: HashRange?
    /// What the source needs to find the thing again, opaque to the store: a file's path and fingerprint.
    public var detail: String
    /// The owner is a worker of another program, which hands nothing over and announces nothing.
    public var isForeign: Bool

    /// See the properties.
    public init(
        shard: String, position: Position, owner: String? = nil, token: Int64 = 0, remaining: Duration? = nil, nextOwner: String? = nil,
        handoffIsOverdue: Bool = false, parents: [String] = [], hashRange: HashRange? = nil, detail: String = "", isForeign: Bool = false
    ) {
        self.shard = shard
        self.position = position
        self.owner = owner
        self.token = token
        self.remaining = remaining
        self.nextOwner = nextOwner
        self.handoffIsOverdue = handoffIsOverdue
        self.parents = parents
        self.hashRange = hashRange
        self.detail = detail
        self.isForeign = isForeign
    }

    /// Somebody holds it, and has time left.
    public var isLive: Bool { owner != nil && remaining != nil }
    /// The shard is at its end and done.
    public var isFinished: Bool { position == .shardEnd }
}

/// A row to be created where there is none yet.
public struct NewLease: Sendable, Hashable {
    /// The shard's id, or a file's identity.
    public var shard: String
    /// How far it is done.
    public var position: Position
    /// The shards that it came from; empty for the first ones.
    public var parents: [String]
    /// The part of the hash space that it owns; nil for what is no shard.
    public var hashRange: HashRange?
    /// As in `Lease`.
    public var detail: String

    /// See the properties.
    public init(shard: String, position: Position, parents: [String] = [], hashRange: HashRange? = nil, detail: String = "") {
        self.shard = shard
        self.position = position
        self.parents = parents
        self.hashRange = hashRange
        self.detail = detail
    }
}

/// The right to read a shard and to move its checkpoint: owner and token must both still be those of the row.
public struct HeldLease: Sendable, Hashable {
    /// The shard's id, or a file's identity.
    public var shard: String
    /// The worker that holds it.
    public var owner: String
    /// As the row had it when the lease was taken.
    public var token: Int64

    /// See the properties.
    public init(shard: String, owner: String, token: Int64) {
        self.shard = shard
        self.owner = owner
        self.token = token
    }
}

/// The answer to an attempt to take a lease.
public enum AcquireOutcome: Sendable, Hashable {
    case acquired(HeldLease, from: Position)
    /// Somebody else holds it.
    case held
    /// The shard is at its end; nothing is left to read.
    case finished
    /// There is no such row.
    case missing
}

/// The answer to a heartbeat of one lease.
public enum RenewOutcome: Sendable, Hashable {
    /// Still ours; `nextOwner` asks for it.
    case renewed(nextOwner: String?)
    /// The row has another owner or token: stop reading, write nothing.
    case lost
}

/// The answer to an attempt to move a checkpoint.
public enum CheckpointOutcome: Sendable, Hashable {
    case stored
    case lost
    /// The row is already further; it was left as it is.
    case behind
}
