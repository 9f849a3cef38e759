public import Coordination
public import Logging
import Records
import Synchronization

/// Keeps the leases of one source alive and stores its positions.
///
/// Renewals run on a task of their own, so that no amount of backpressure can lose a lease; a lease that could not be renewed in time
/// stops its reader before the store would let another worker in.
public final class LeaseHolder: Sendable {
    private let table: any LeaseTable
    private let worker: String
    private let timing: LeaseTiming
    private let logger: Logger
    private let book: Mutex<LeaseBook>

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
    public var count: Int { book.withLock { $0.entries.count } }

    /// Takes a lease. Nil when it is another's, finished or missing.
    public func acquire(_ shard: String, stealing token: Int64? = nil) async throws -> HeldShard? {
        let sentAt = MonotonicTime.now()
        let outcome = try await table.acquire(shard, owner: worker, for: timing.sessionTimeout, stealing: token)
        guard case .acquired(let lease, let position) = outcome else { return nil }
        let held = HeldShard(lease: lease, start: position)
        book.withLock { $0.acquired(held, requestedAt: sentAt) }
        return held
    }

    /// Does its work until `settled` opens; then stores the last positions and gives everything back.
    public func run(until settled: Latch) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.renewLeases(until: settled) }
            group.addTask { await self.watchDeadlines(until: settled) }
            group.addTask { await self.storePositions(until: settled) }
        }
        await storePositionsOnce()
        do {
            try await table.release(shards.map(\.lease))
            try await table.withdraw(worker)
        } catch {
            logger.warning("could not give leases back; they expire by themselves", metadata: ["error": "\(error)"])
        }
    }

    /// Everything of the shard is read and acknowledged: ends it, with rows for its children.
    public func finish(_ shard: HeldShard, children: [NewLease]) async throws {
        if try await !table.finish(shard.lease, children: children) {
            logger.warning("lost the lease of a shard at its end", metadata: ["shard": "\(shard.lease.shard)"])
        }
        _ = book.withLock { $0.drop(shard.lease) }
    }

    /// True when another worker has asked for the shard.
    public func isHandingOver(_ shard: HeldShard) -> Bool { book.withLock { $0.isHandingOver(shard.lease) } }

    /// Everything that was read of the shard is acknowledged: lets the worker that asked for it have it.
    public func handOver(_ shard: HeldShard) async throws {
        if let position = shard.progress.unstored {
            _ = try await table.checkpoint([(shard.lease, position)])
        }
        _ = book.withLock { $0.drop(shard.lease) }
        try await table.release([shard.lease])
        logger.info("handed shard over", metadata: ["shard": "\(shard.lease.shard)"])
    }
}

// MARK: Loops

extension LeaseHolder {
    private func renewLeases(until settled: Latch) async {
        while !settled.isOpen {
            await settled.wait(atMost: timing.heartbeatFrequency)
            if Task.isCancelled { return }
            if !settled.isOpen { await renewOnce() }
        }
    }

    private func renewOnce() async {
        let leases = book.withLock { $0.held.all }
        guard !leases.isEmpty else { return }
        // The deadline counts from before the request: the store may have served it at once.
        let sentAt = MonotonicTime.now()
        do {
            let outcomes = try await table.renew(leases, for: timing.sessionTimeout)
            for (lease, outcome) in zip(leases, outcomes) {
                switch outcome {
                case .renewed(let next):
                    book.withLock { $0.renewed(lease, requestedAt: sentAt) }
                    if next != nil { book.withLock { $0.beginHandover(of: lease) }?.stop.open() }
                case .lost: lose(lease, because: "another worker has taken it")
                }
            }
        } catch {
            logger.warning("could not renew leases, trying again", metadata: ["leases": "\(leases.count)", "error": "\(error)"])
        }
    }

    private func watchDeadlines(until settled: Latch) async {
        let interval = min(timing.sessionTimeout / 20, .seconds(1))
        while !settled.isOpen, !Task.isCancelled {
            await settled.wait(atMost: interval)
            for shard in book.withLock({ $0.expire(now: .now()) }) {
                shard.stop.open()
                logger.error(
                    "a lease ran out before it could be renewed; stopped reading",
                    metadata: ["shard": "\(shard.lease.shard)", "session_timeout": "\(timing.sessionTimeout.text)"])
            }
        }
    }

    private func storePositions(until settled: Latch) async {
        while !settled.isOpen, !Task.isCancelled {
            await settled.wait(atMost: timing.checkpointInterval)
            if !settled.isOpen { await storePositionsOnce() }
        }
    }

    private func storePositionsOnce() async {
        let changes = book.withLock { $0.unstored }
        guard !changes.isEmpty else { return }
        do {
            let outcomes = try await table.checkpoint(changes)
            for (change, outcome) in zip(changes, outcomes) {
                switch outcome {
                case .stored, .behind: book.withLock { $0.entries[change.lease.shard]?.progress }?.stored(change.position)
                case .lost: lose(change.lease, because: "its checkpoint was refused")
                }
            }
        } catch {
            logger.warning("could not store positions, trying again", metadata: ["error": "\(error)"])
        }
    }

    private func lose(_ lease: HeldLease, because reason: String) {
        guard let shard = book.withLock({ $0.drop(lease) }) else { return }
        shard.stop.open()
        logger.warning("lost a lease", metadata: ["shard": "\(lease.shard)", "reason": "\(reason)"])
    }
}
