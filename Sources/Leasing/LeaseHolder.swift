public import Coordination
public import Logging
import Metrics
import Records
import Synchronization

/// Keeps the leases of one source alive and stores its positions.
///
/// Renewals run on a task of their own, so that no amount of backpressure can lose a lease; a lease that could not be renewed in time
/// stops its reader before the store would let another worker in.
public final class LeaseHolder: Sendable {
    let table: any LeaseTable
    let timing: LeaseTiming
    let logger: Logger
    let book: Mutex<LeaseBook>
    let metrics: LeaseMetrics
    private let worker: String
    private let handovers = SharedCall<HeldShard>()

    /// - Parameters:
    ///   - worker: unique to this process and run.
    ///   - dimensions: of the metrics of its leases.
    public init(
        table: any LeaseTable, worker: String, timing: LeaseTiming, logger: Logger, dimensions: [(String, String)] = []
    ) {
        self.table = table
        self.worker = worker
        self.timing = timing
        self.logger = logger
        metrics = LeaseMetrics(dimensions: dimensions)
        book = Mutex(LeaseBook(sessionTimeout: timing.sessionTimeout))
    }

    /// All that is held now.
    public var shards: [HeldShard] { book.withLock { Array($0.entries.values) } }
    /// How many leases are held now.
    public var count: Int { book.withLock { $0.entries.count } }

    /// Takes a lease. Nil when it is another's, finished or missing. Throws the store's `Failure`.
    public func acquire(_ shard: String, stealing token: Int64? = nil) async throws -> HeldShard? {
        try await acquire([AcquireRequest(shard, stealing: token)]).first
    }

    /// Takes leases; answers those that were to be had. Throws the store's `Failure`.
    public func acquire(_ requests: [AcquireRequest]) async throws -> [HeldShard] {
        let sentAt = MonotonicTime.now()
        let outcomes = try await call { holder in
            try await holder.table.acquire(requests, owner: holder.worker, for: holder.timing.sessionTimeout)
        }
        var shards: [HeldShard] = []
        for (request, outcome) in zip(requests, outcomes) {
            guard case .acquired(let lease, let position) = outcome else { continue }
            shards.append(book.withLock { $0.acquired(lease, from: position, requestedAt: sentAt) })
            (request.stealing == nil ? metrics.acquired : metrics.stolen).increment()
        }
        return shards
    }

    /// Does its work until `settled` opens; then stores the last positions and gives everything back.
    ///
    /// Cancelled, it ends at once: readers may still be at work, so that their leases are left to expire.
    public func run(until settled: Latch) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.renewLeases() }
            group.addTask { await self.watchDeadlines() }
            group.addTask { await self.storePositions() }
            await settled.wait()
            // A call that hangs must not hold up the end.
            group.cancelAll()
        }
        if !Task.isCancelled { await giveBack() }
    }

    /// Everything of the shard is read and acknowledged: ends it, with rows for its children. Throws the store's `Failure`.
    public func finish(_ shard: HeldShard, children: [NewLease]) async throws {
        if try await call({ try await $0.table.finish(shard.lease, children: children) }) {
            metrics.finished.increment()
        } else {
            logger.warning("lost the lease of a shard at its end", metadata: ["shard": "\(shard.lease.shard)"])
        }
        _ = book.withLock { $0.drop(shard.lease) }
    }

    /// True when another worker has asked for the shard.
    public func isHandingOver(_ shard: HeldShard) -> Bool { book.withLock { $0.isHandingOver(shard.lease) } }

    /// Another worker asks for a shard: it is read no more, and goes once `handOver` is called. Does nothing where that was known.
    public func beginHandover(of lease: HeldLease) {
        book.withLock { $0.beginHandover(of: lease) }?.stop.open()
    }

    /// Everything that was read of the shard is acknowledged: lets the worker that asked for it have it. Throws the store's `Failure`.
    public func handOver(_ shard: HeldShard) async throws {
        try await handovers.take(shard) { shards in
            let changes = shards.compactMap { shard in shard.progress.unstored.map { (lease: shard.lease, position: $0) } }
            if !changes.isEmpty { _ = try await self.call { try await $0.table.checkpoint(changes) } }
            for change in changes { book.withLock { $0.shard(of: change.lease) }?.progress.stored(change.position) }
            // Renewing it no more comes first: a renewal after the release would look like a loss.
            for shard in shards { _ = book.withLock { $0.drop(shard.lease) } }
            try await self.call { try await $0.table.release(shards.map(\.lease)) }
            metrics.handedOver.increment(by: shards.count)
        }
        logger.info("handed shard over", metadata: ["shard": "\(shard.lease.shard)"])
    }

    /// Gives everything up at once, without a word to the store: what the leases were for is gone.
    public func abandonAll() {
        for shard in shards {
            _ = book.withLock { $0.drop(shard.lease) }
            shard.abandon()
        }
    }

    private static let lastAttempts = 3

    private func giveBack() async {
        for attempt in 1...Self.lastAttempts {
            if await storePositionsOnce() { break }
            if attempt < Self.lastAttempts { try? await Task.sleep(for: timing.retryPause) }
        }
        let leases = shards.map(\.lease)
        do {
            try await call { holder in
                try await holder.table.release(leases)
                try await holder.table.withdraw(holder.worker)
            }
        } catch {
            logger.warning("could not give leases back; they expire by themselves", metadata: ["error": "\(error)"])
        }
    }

    /// A call of the store that hangs is given up, so that the next one gets its turn.
    func call<Answer: Sendable>(_ body: @escaping @Sendable (LeaseHolder) async throws -> Answer) async throws -> Answer {
        try await Latch().cancelling(atMost: timing.callLimit) { try await body(self) }
    }
}
