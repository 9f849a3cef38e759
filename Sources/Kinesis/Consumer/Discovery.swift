import Coordination
import Leasing
import Records

/// What a consumer knows of its stream's shards.
struct Discovery: Sendable {
    /// Where shards without a position begin: one for the whole group.
    let start: Position
    private(set) var shards: [Shard]
    private var listedAt = ContinuousClock.now

    init(start: Position, shards: [Shard]) {
        self.start = start
        self.shards = shards
    }

    var age: Duration { ContinuousClock.now - listedAt }
    var listed: Set<String> { Set(shards.map(\.id)) }

    mutating func refresh(_ client: any StreamReading, _ stream: StreamIdentifier) async throws {
        shards = try await client.shardListing(stream, filter: nil).shards
        listedAt = .now
    }
}

/// A consumer's look at its stream and its lease table, and what follows from it.
struct Look: Sendable {
    var discovery: Discovery
    /// How long until something new can be expected.
    var pause: Duration
    /// The leases that were held, where every other readable shard had a living owner too.
    var completeWith: Set<HeldLease>?
}

/// The rows of a lease table, and between which moments they were read.
struct Rows {
    var all: [Lease]
    var sentAt: MonotonicTime
    var receivedAt: MonotonicTime

    init(of table: any LeaseTable) async throws {
        sentAt = .now()
        all = try await table.leases()
        receivedAt = .now()
    }
}
