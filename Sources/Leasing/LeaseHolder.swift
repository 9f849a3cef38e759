public import Coordination
public import Logging
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
    private let worker: String

    /// - Parameter worker: unique to this process and run.
    public init(table: any LeaseTable, worker: String, timing: LeaseTiming, logger: Logger) {
        self.table = table
        self.worker = worker
        self.timing = timing
        self.logger = logger
        book = Mutex(LeaseBook(sessionTimeout: timing.sessionTimeout))
    }

    /// All that is held now.
    public var shards: [HeldShard] { book.withLock { Array($0.entries.values) } }
    /// How many leases are held now.
    public var count: Int { book.withLock { $0.entries.count } }

    /// Takes a lease. Nil when it is another's, finished or missing. Throws the store's `Failure`.
    public func acquire(_ shard: String, stealing token: Int64? = nil) async throws -> HeldShard? {
        let sentAt = MonotonicTime.now()
        let outcome = try await call { holder in
            try await holder.table.acquire(shard, owner: holder.worker, for: holder.timing.sessionTimeout, stealing: token)
        }
        guard case .acquired(let lease, let position) = outcome else { return nil }
        let held = HeldShard(lease: lease, start: position)
        book.withLock { $0.acquired(held, requestedAt: sentAt) }
        return held
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
        if try await !call({ try await $0.table.finish(shard.lease, children: children) }) {
            logger.warning("lost the lease of a shard at its end", metadata: ["shard": "\(shard.lease.shard)"])
        }
        _ = book.withLock { $0.drop(shard.lease) }
    }

    /// True when another worker has asked for the shard.
    public func isHandingOver(_ shard: HeldShard) -> Bool { book.withLock { $0.isHandingOver(shard.lease) } }

    /// Everything that was read of the shard is acknowledged: lets the worker that asked for it have it. Throws the store's `Failure`.
    public func handOver(_ shard: HeldShard) async throws {
        if let position = shard.progress.unstored {
            _ = try await call { try await $0.table.checkpoint([(shard.lease, position)]) }
            shard.progress.stored(position)
        }
        // Renewing it no more comes first: a renewal after the release would look like a loss.
        _ = book.withLock { $0.drop(shard.lease) }
        try await call { try await $0.table.release([shard.lease]) }
        logger.info("handed shard over", metadata: ["shard": "\(shard.lease.shard)"])
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
