public import Records

/// Where checkpoints and leases live: memory, SQLite or Redis. One store serves all sources of a pipeline.
public protocol CheckpointStore: Sendable {
    /// The rows of one source. `scope` is the stream's name, or the name of a source that reads no stream.
    func table(_ scope: String) -> any LeaseTable
    /// The scopes that the group has ever started, sorted.
    func scopes() async throws -> [String]
    /// Closes connections and files; tables must not be used afterwards.
    func close() async
}

/// The leases and positions of one source: each row changes by atomic transitions in the store, by the store's clock.
///
/// A token is the store's clock in microseconds, or one more than the token before it where that is greater. So it never comes back,
/// even where the store forgets its last writes (a failover of Redis) or all of them: whoever holds what was forgotten is refused.
///
/// Calls that take many rows answer in the order of the question. A store may cut them up: each row's transition is atomic, the whole
/// call need not be. All methods throw a `Failure` when the store cannot be reached or refuses; a call that threw may or may not have
/// been applied.
public protocol LeaseTable: Sendable {
    /// Stores where and in which stream the group begins, unless that is stored already; answers what is stored. It makes LATEST one
    /// moment for all. An identity that is not known yet is filled in.
    func start(proposing start: GroupStart) async throws -> GroupStart
    /// What is stored; nil before the first proposal.
    func storedStart() async throws -> GroupStart?
    /// Forgets all rows and stores a new start, unless another worker has replaced `seen` before; answers what is stored.
    func startOver(_ start: GroupStart, replacing seen: GroupStart) async throws -> GroupStart
    /// Creates the rows that are missing; rows that exist are left as they are.
    func create(_ leases: [NewLease]) async throws
    /// All rows, sorted by shard.
    func leases() async throws -> [Lease]
    /// Takes leases that are free or expired, or, given the token that was seen, live ones.
    func acquire(_ requests: [AcquireRequest], owner: String, for duration: Duration) async throws -> [AcquireOutcome]
    /// Prolongs leases.
    func renew(_ leases: [HeldLease], for duration: Duration) async throws -> [RenewOutcome]
    /// Moves positions forward, never back.
    func checkpoint(_ changes: [(lease: HeldLease, position: Position)]) async throws -> [CheckpointOutcome]
    /// Marks the shard as finished and creates its children's rows. False when the lease was lost.
    func finish(_ lease: HeldLease, children: [NewLease]) async throws -> Bool
    /// Asks the owners of live leases to hand them over to `next`. False when another has asked already, or the owner is another by now.
    func requestHandoffs(_ requests: [HandoffRequest], to next: String, within grace: Duration) async throws -> [Bool]
    /// Gives leases back, keeping their positions.
    func release(_ leases: [HeldLease]) async throws
    /// Says that this worker is alive for `duration` and wants a share; answers all workers alive, sorted by name.
    func announce(_ worker: Worker, for duration: Duration) async throws -> [Worker]
    /// Takes a worker off the list.
    func withdraw(_ worker: String) async throws

    // For people, who hold no lease.

    /// Sets positions, also backwards, and takes the owner off; creates rows that are missing, and leaves all else of those that exist.
    /// A live lease is left alone unless `force` says otherwise: its owner is then refused from here on.
    func overwrite(_ leases: [NewLease], force: Bool) async throws -> [OverwriteOutcome]
    /// Removes rows; live leases as in `overwrite`.
    func remove(_ shards: [String], force: Bool) async throws -> [OverwriteOutcome]
}

extension LeaseTable {
    /// Takes one lease; see `acquire(_:owner:for:)`.
    public func acquire(_ shard: String, owner: String, for duration: Duration, stealing token: Int64? = nil) async throws -> AcquireOutcome
    {
        try await acquire([AcquireRequest(shard, stealing: token)], owner: owner, for: duration).first ?? .missing
    }

    /// Asks for one lease; see `requestHandoffs(_:to:within:)`.
    public func requestHandoff(_ shard: String, from owner: String, to next: String, within grace: Duration) async throws -> Bool {
        try await requestHandoffs([HandoffRequest(shard, from: owner)], to: next, within: grace).first ?? false
    }
}
