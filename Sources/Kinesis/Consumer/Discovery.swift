import Coordination
import Leasing
import Logging
import Metrics
import Records
import Synchronization

/// The stream was deleted and created anew since the group began: its positions are those of another stream.
struct StreamRecreated: Error {
    /// The new stream's.
    let identity: String
}

/// How the consumer finds its stream's shards, and makes sure that the stream is still the same.
extension Consumer {
    /// Records that arrive while the stream's shards are being listed for the first time are new.
    private static let latestMargin: Int64 = 1_000

    /// The group's start, and the stream's shards. Nil when `draining` opens first.
    func begin(unless draining: Latch) async throws -> ConsumerState? {
        do {
            return try await draining.cancelling {
                async let identity = self.identity()
                let sentAt = MonotonicTime.now()
                let listing = try await self.client.shardListing(self.stream, filter: nil)
                let proposal = GroupStart(position: self.firstPosition(listedAt: listing.servedAt), identity: try await identity)
                var start = try await self.table.start(proposing: proposal)
                if let identity = proposal.identity, start.identity != identity {
                    start = try await self.startOver(from: start, in: StreamRecreated(identity: identity))
                }
                return self.consumerState(start, listing, at: sentAt)
            }
        } catch  where draining.isOpen {
            return nil
        }
    }

    private func firstPosition(listedAt time: Int64) -> Position {
        switch configuration.initialPosition {
        case .trimHorizon: .trimHorizon
        // By the service's clock, which dates the records.
        case .latest: .timestamp(time - Self.latestMargin)
        case .timestamp(let milliseconds): .timestamp(milliseconds)
        }
    }

    private func consumerState(_ start: GroupStart, _ listing: ShardListing, at time: MonotonicTime) -> ConsumerState {
        state.withLock { $0.start = start }
        var consumer = ConsumerState(
            worker: me, start: start.position, heartbeat: configuration.leases.heartbeatFrequency,
            discoveryInterval: configuration.discoveryInterval)
        consumer.listed(listing.shards, at: time)
        return consumer
    }

    /// What tells this stream from another of its name: its creation time. Nil where it is not to be had.
    private func identity() async throws -> String? {
        do throws(KinesisError) {
            return try await client.describeStreamSummary(stream).createdAt.map { String($0) }
        } catch {
            guard [.accessDenied, .validation, .other, .malformedReply].contains(error.kind) else { throw error }
            logger.info("cannot tell whether the stream is created anew", metadata: ["error": "\(error.code)"])
            return nil
        }
    }

    /// Lists all shards, and throws `StreamRecreated` where they are not those of the group's stream.
    func list(into consumer: inout ConsumerState, rows: [Lease]) async throws {
        let sentAt = MonotonicTime.now()
        let listing = try await client.shardListing(stream, filter: nil)
        try await checkIdentity()
        consumer.listed(listing.shards, at: sentAt, rows: rows)
    }

    private func checkIdentity() async throws {
        guard let known = state.withLock({ $0.start?.identity }), let identity = try await identity(), identity != known else { return }
        throw StreamRecreated(identity: identity)
    }

    /// Forgets the rows of a stream that is no more. Throws an explanation where that was not asked for.
    func startOver(from seen: GroupStart, in recreated: StreamRecreated) async throws -> GroupStart {
        guard configuration.onRecreated == .startOver else {
            throw Failure(
                "stream_recreated", "the stream `\(stream.name)` was deleted and created anew: the stored positions are not its own",
                hint: "`on_recreated: start_over` forgets them and reads the new stream from its beginning")
        }
        // Whatever the group was told to leave out was in the stream that is gone.
        let position: Position = if case .timestamp(let time) = configuration.initialPosition { .timestamp(time) } else { .trimHorizon }
        logger.warning("the stream was created anew; starting over")
        return try await table.startOver(GroupStart(position: position, identity: recreated.identity), replacing: seen)
    }

    /// The stream has turned out to be another: leaves all shards of the old one, and begins anew.
    func beginAnew(in recreated: StreamRecreated) async throws -> ConsumerState {
        let seen = state.withLock { $0.start } ?? GroupStart(position: .trimHorizon)
        let start = try await startOver(from: seen, in: recreated)
        holder.abandonAll()
        let sentAt = MonotonicTime.now()
        return consumerState(start, try await client.shardListing(stream, filter: nil), at: sentAt)
    }

    /// The operations of a reader: an error of any other is a sink's.
    private static let reads: Set<String> = ["GetRecords", "GetShardIterator", "SubscribeToShard"]

    /// What it means that a shard cannot be read: it is gone with all that it held, it is another stream's, or the error is what it says.
    func ending(of shard: HeldShard, after error: KinesisError, _ logger: Logger) async throws -> ShardReader.Ending {
        guard Self.reads.contains(error.operation), error.kind == .notFound || error.kind == .invalidArgument else { throw error }
        try await checkIdentity()
        let listing = try await client.shardListing(stream, filter: nil)
        guard error.kind == .notFound, !listing.shards.contains(where: { $0.id == shard.lease.shard }) else { throw error }
        metrics.vanished.increment()
        logger.warning(
            "the shard is gone: the stream has not kept what was left of it to be read", metadata: ["after": "\(shard.progress.position)"])
        return .shardEnd(children: listing.shards.filter { $0.parents.contains(shard.lease.shard) })
    }

    /// Rows for the children that a shard has left behind.
    func rows(_ children: [Shard], of parent: String) async throws -> [NewLease] {
        let start = state.withLock { $0.start?.position } ?? .trimHorizon
        // Not every server names the children in its last reply.
        let born =
            children.isEmpty ? try await client.shardListing(stream, filter: nil).shards.filter { $0.parents.contains(parent) } : children
        return born.map { ShardGraph.row(for: $0, start: start) }
    }

    /// Puts back the rows of the last look, where the store has lost all that it knew of the group. False where it has not.
    func restoreRows(_ consumer: ConsumerState) async throws -> Bool {
        let remembered = consumer.remembered
        guard !remembered.isEmpty, let start = state.withLock({ $0.start }), try await table.storedStart() == nil else { return false }
        logger.warning(
            "the store has forgotten all positions; going on from those that were stored at the last heartbeat",
            metadata: ["shards": "\(remembered.count)"])
        _ = try await table.start(proposing: start)
        try await table.create(remembered)
        return true
    }

    /// Makes sure that the store still knows where the group began.
    func restateStart() async throws {
        guard let start = state.withLock({ $0.start }) else { return }
        let stored = try await table.start(proposing: start)
        guard stored.identity == start.identity, stored.position.isLaterMoment(than: start.position) else { return }
        // The store has lost everything, and a newcomer has begun the group anew when it came: what lies between would be left out.
        logger.warning("the store has forgotten where the group began; starting from there again")
        _ = try await table.startOver(start, replacing: stored)
    }
}
