public import Records

/// Where checkpoints and leases live: memory, SQLite or Redis. One store serves all sources of a pipeline.
public protocol CheckpointStore: Sendable {
    /// The rows of one source. `scope` is the stream's name, or the name of a source that reads no stream.
    func table(_ scope: String) -> any LeaseTable
    /// Closes connections and files; tables must not be used afterwards.
    func close() async
}

/// The leases and positions of one source: each call is one atomic transition in the store, by the store's clock.
///
/// All methods throw a `Failure` when the store cannot be reached or refuses; a call that threw may or may not have been applied.
public protocol LeaseTable: Sendable {
    /// Stores where shards without a position begin, unless that is stored already; answers what is stored. It makes LATEST one moment for all.
    func start(proposing position: Position) async throws -> Position
    /// Creates the rows that are missing; rows that exist are left as they are.
    func create(_ leases: [NewLease]) async throws
    func leases() async throws -> [Lease]
    /// Takes a free or expired lease, or, given the token that was seen, a live one.
    func acquire(_ shard: String, owner: String, for duration: Duration, stealing token: Int64?) async throws -> AcquireOutcome
    /// Prolongs leases; the answers are in the order of `leases`.
    func renew(_ leases: [HeldLease], for duration: Duration) async throws -> [RenewOutcome]
    /// Moves positions forward, never back; the answers are in the order of `changes`.
    func checkpoint(_ changes: [(lease: HeldLease, position: Position)]) async throws -> [CheckpointOutcome]
    /// Marks the shard as finished and creates its children's rows in one step. False when the lease was lost.
    func finish(_ lease: HeldLease, children: [NewLease]) async throws -> Bool
    /// Asks the owner of a live lease to hand it over. False when somebody has asked already, or the owner is another by now.
    func requestHandoff(_ shard: String, from owner: String, to next: String, within grace: Duration) async throws -> Bool
    /// Gives leases back, keeping their positions.
    func release(_ leases: [HeldLease]) async throws
    /// Says that this worker is alive for `duration` and wants a share; answers all workers alive, sorted.
    func announce(_ worker: String, for duration: Duration) async throws -> [String]
    /// Takes a worker off the list.
    func withdraw(_ worker: String) async throws
}
