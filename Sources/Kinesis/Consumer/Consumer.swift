public import Coordination
public import Leasing
public import Logging
import Records
import Synchronization

/// Reads a stream's shards, as many as are this worker's share: one task a shard.
public final class Consumer: Sendable {
    private struct State {
        var statuses: [String: ShardStatus] = [:]
        /// By the last look at the table: each unfinished row can be read and has a living owner.
        var everyShardHasOwner = false
        var liveness = OwnerLiveness()
        var failure: (any Error)?
    }

    private let stream: StreamIdentifier
    private let client: any StreamReading
    private let table: any LeaseTable
    private let worker: String
    private let configuration: ConsumerConfiguration
    private let receiver: any ShardPageReceiver
    private let logger: Logger
    private let holder: LeaseHolder
    private let bell = Bell()
    private let state = Mutex(State())

    /// - Parameter worker: unique to this process and run.
    public init(
        stream: StreamIdentifier, client: any StreamReading, table: any LeaseTable, worker: String,
        configuration: ConsumerConfiguration, receiver: any ShardPageReceiver, logger: Logger
    ) {
        self.stream = stream
        self.client = client
        self.table = table
        self.worker = worker
        self.configuration = configuration
        self.receiver = receiver
        self.logger = logger
        holder = LeaseHolder(table: table, worker: worker, timing: configuration.leases, logger: logger)
    }

    /// Every shard has an owner, this worker's are at their tips, and all that they gave is acknowledged.
    public var isIdle: Bool {
        let (owned, statuses) = state.withLock { ($0.everyShardHasOwner, $0.statuses) }
        return owned && holder.shards.allSatisfy { statuses[$0.lease.shard]?.isAtTip ?? false && $0.progress.outstanding == 0 }
    }

    /// Reads until `draining` opens; then waits for `settled` (all that was received is acknowledged, or will never be), stores the
    /// last positions and gives the leases back.
    ///
    /// - Parameters:
    ///   - onReadingEnded: called once, when nothing more will be received.
    ///   - onFailure: called at once when a shard cannot be read on; the error is thrown at the end as well.
    /// - Throws: `KinesisError`, the store's `Failure`, or what the receiver threw.
    public func run(
        draining: Latch, settled: Latch, onReadingEnded: @Sendable () -> Void, onFailure: @escaping @Sendable (any Error) -> Void
    ) async throws {
        let discovery = try await begin()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.holder.run(until: settled) }
            group.addTask {
                await draining.wait()
                self.bell.ring()
            }
            await withDiscardingTaskGroup { readers in
                await self.balance(discovery, until: draining) { shard in
                    readers.addTask { await self.read(shard, settled: settled, onFailure: onFailure) }
                }
                for shard in self.holder.shards { shard.stop.open() }
            }
            onReadingEnded()
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private func begin() async throws -> Discovery {
        let shards = try await client.listShards(stream, filter: nil)
        let proposal: Position =
            switch configuration.initialPosition {
            case .trimHorizon: .trimHorizon
            case .latest: .timestamp(WallClock.milliseconds())
            case .timestamp(let milliseconds): .timestamp(milliseconds)
            }
        return Discovery(start: try await table.start(proposing: proposal), shards: shards)
    }
}

// MARK: Readers

extension Consumer {
    /// One shard's life: read, wait for the last acknowledgement, then finish it, hand it over, or leave it to the end of the run.
    private func read(_ shard: HeldShard, settled: Latch, onFailure: @Sendable (any Error) -> Void) async {
        var logger = logger
        logger[metadataKey: "shard"] = "\(shard.lease.shard)"
        logger.info("reading shard", metadata: ["from": "\(shard.start)"])
        let status = ShardStatus()
        state.withLock { $0.statuses[shard.lease.shard] = status }
        let reader = ShardReader(
            client: client, stream: stream, shard: shard, configuration: configuration, shardsHeld: { self.holder.count },
            status: status, receiver: receiver, logger: logger)
        do {
            let ending = try await reader.run()
            // Without its last acknowledgements a shard can be neither finished nor handed over.
            guard await shard.progress.settle(unless: settled) else { return }
            switch ending {
            case .shardEnd(let children):
                try await holder.finish(shard, children: try await rows(children, of: shard.lease.shard))
                logger.info("shard finished")
            case .stopped:
                if holder.isHandingOver(shard) { try await holder.handOver(shard) }
            }
        } catch {
            if Task.isCancelled { return }
            state.withLock { $0.failure = $0.failure ?? error }
            onFailure(error)
        }
        bell.ring()
    }

    private func rows(_ children: [Shard], of parent: String) async throws -> [NewLease] {
        let start = try await table.start(proposing: .trimHorizon)
        // Not every server names the children in its last reply.
        let born = children.isEmpty ? try await client.listShards(stream, filter: nil).filter { $0.parents.contains(parent) } : children
        return born.map { ShardDiscovery.row(for: $0, start: start) }
    }
}

// MARK: Balance

extension Consumer {
    /// What is known of the stream's shards.
    private struct Discovery {
        let start: Position
        var shards: [Shard]
        var listedAt = ContinuousClock.now

        mutating func refresh(_ client: any StreamReading, _ stream: StreamIdentifier) async throws {
            shards = try await client.listShards(stream, filter: nil)
            listedAt = .now
        }
    }

    /// Looks for shards to read at every heartbeat, and whenever something has changed.
    private func balance(_ discovery: Discovery, until draining: Latch, onAcquired: (HeldShard) -> Void) async {
        var discovery = discovery
        while !draining.isOpen, !Task.isCancelled {
            var pause = configuration.leases.heartbeatFrequency
            do {
                if ContinuousClock.now - discovery.listedAt > configuration.discoveryInterval {
                    try await discovery.refresh(client, stream)
                }
                pause = min(pause, try await balanceOnce(&discovery, onAcquired: onAcquired))
            } catch {
                logger.warning("could not look for shards, trying again", metadata: ["error": "\(error)"])
                pause = min(pause, .seconds(2))
            }
            await bell.wait(atMost: pause)
        }
    }

    /// Answers how long to wait for the next look.
    private func balanceOnce(_ discovery: inout Discovery, onAcquired: (HeldShard) -> Void) async throws -> Duration {
        let workers = try await table.announce(worker, for: configuration.leases.sessionTimeout)
        var rows = try await table.leases()
        if hasUnlistedRow(rows, discovery) { try await discovery.refresh(client, stream) }
        let missing = ShardDiscovery.missing(shards: discovery.shards, rows: rows, start: discovery.start)
        if !missing.isEmpty {
            try await table.create(missing)
            rows = try await table.leases()
        }
        let listed = Set(discovery.shards.map(\.id))
        let readable = ShardDiscovery.readable(rows: rows, listed: listed)
        let assignment = LeaseAssignment(worker: worker, limit: configuration.maxShardConsumers)
        let moves = assignment.moves(rows: readable, workers: workers)
        for move in moves {
            if let shard = try await make(move) { onAcquired(shard) }
        }

        let unfinished = rows.count { !$0.isFinished && listed.contains($0.shard) }
        state.withLock { state in
            let ownersLive = state.liveness.observe(readable, worker: worker, now: .now())
            state.everyShardHasOwner = ownersLive && moves.isEmpty && readable.count == unfinished
        }
        if !moves.isEmpty || readable.contains(where: { $0.nextOwner == worker }) { return .milliseconds(200) }
        // A dead worker's leases are free the moment they expire.
        let expiries = readable.compactMap { $0.owner == worker ? nil : $0.remaining }
        return expiries.min().map { $0 + .milliseconds(50) } ?? configuration.leases.heartbeatFrequency
    }

    /// The children of a reshard get their rows from whoever finished the parent, before the next regular listing shows them here.
    private func hasUnlistedRow(_ rows: [Lease], _ discovery: Discovery) -> Bool {
        guard ContinuousClock.now - discovery.listedAt > .seconds(1) else { return false }
        let listed = Set(discovery.shards.map(\.id))
        return rows.contains { !$0.isFinished && !listed.contains($0.shard) }
    }

    private func make(_ move: LeaseAssignment.Move) async throws -> HeldShard? {
        switch move {
        case .acquire(let shard): return try await holder.acquire(shard)
        case .steal(let shard, let token): return try await holder.acquire(shard, stealing: token)
        case .requestHandoff(let shard, let owner):
            // The owner drains first; one that has not answered for a whole session is taken for dead.
            let grace = configuration.leases.sessionTimeout
            if try await table.requestHandoff(shard, from: owner, to: worker, within: grace) {
                logger.info("asked for a shard", metadata: ["shard": "\(shard)", "owner": "\(owner)"])
            }
            return nil
        }
    }
}
