import Coordination
import Logging
import Metrics
import Records
import Synchronization

/// What runs side by side until it is cancelled.
extension LeaseHolder {
    func renewLeases() async {
        var pause = timing.heartbeatFrequency
        while await Self.passes(pause) {
            pause = await renewOnce() ? timing.heartbeatFrequency : timing.retryPause
        }
    }

    /// Calls nothing but the clock: a store that hangs cannot delay it.
    func watchDeadlines() async {
        while await Self.passes(min(timing.sessionTimeout / 20, .seconds(1))) {
            metrics.held.record(count)
            for shard in book.withLock({ $0.expire(now: .now()) }) {
                shard.abandon()
                metrics.lost.increment()
                logger.error(
                    "a lease ran out before it could be renewed; stopped reading",
                    metadata: ["shard": "\(shard.lease.shard)", "session_timeout": "\(timing.sessionTimeout.text)"])
            }
        }
    }

    func storePositions() async {
        while await Self.passes(timing.checkpointInterval) { await storePositionsOnce() }
    }

    /// False once the task is cancelled.
    private static func passes(_ pause: Duration) async -> Bool {
        do {
            try await Task.sleep(for: pause)
            return true
        } catch {
            return false
        }
    }
}

extension LeaseHolder {
    /// False when the store failed.
    private func renewOnce() async -> Bool {
        let leases = book.withLock { $0.held.all }
        guard !leases.isEmpty else { return true }
        // The deadline counts from before the request: the store may have served it at once.
        let sentAt = MonotonicTime.now()
        do {
            let outcomes = try await call { try await $0.table.renew(leases, for: $0.timing.sessionTimeout) }
            var taken: [HeldLease] = []
            for (lease, outcome) in zip(leases, outcomes) {
                switch outcome {
                case .renewed(let next):
                    guard book.withLock({ $0.renewed(lease, isAskedFor: next != nil, requestedAt: sentAt) }) else {
                        taken.append(lease)
                        continue
                    }
                    if next != nil { beginHandover(of: lease) }
                case .lost: taken.append(lease)
                }
            }
            lose(taken)
            return true
        } catch {
            if !Task.isCancelled {
                logger.warning("could not renew leases, trying again", metadata: ["leases": "\(leases.count)", "error": "\(error)"])
            }
            return false
        }
    }

    /// False when the store failed.
    @discardableResult
    func storePositionsOnce() async -> Bool {
        let changes = book.withLock { $0.unstored }
        guard !changes.isEmpty else { return true }
        do {
            let outcomes = try await call { try await $0.table.checkpoint(changes) }
            var taken: [HeldLease] = []
            for (change, outcome) in zip(changes, outcomes) {
                switch outcome {
                case .stored, .behind: book.withLock { $0.shard(of: change.lease) }?.progress.stored(change.position)
                case .lost: taken.append(change.lease)
                }
            }
            lose(taken)
            return true
        } catch {
            if !Task.isCancelled { logger.warning("could not store positions, trying again", metadata: ["error": "\(error)"]) }
            return false
        }
    }

    /// The store does not know these leases: others have taken them, or it has lost its rows.
    private func lose(_ leases: [HeldLease]) {
        let lost = leases.filter { lease in
            guard let shard = book.withLock({ $0.drop(lease) }) else { return false }
            shard.abandon()
            metrics.lost.increment()
            return true
        }
        guard let first = lost.first else { return }
        logger.warning(
            "\(lost.count == 1 ? "lost a lease" : "lost leases"); the store has what was held here as another's, or not at all",
            metadata: ["leases": "\(lost.count)", "shard": "\(first.shard)"])
    }
}
