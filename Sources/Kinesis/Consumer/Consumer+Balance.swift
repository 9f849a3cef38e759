import Coordination
import Leasing
import Logging
import Records
import Synchronization

extension Consumer {
    /// Looks for shards to read at every heartbeat, and whenever something has changed.
    func balance(
        _ discovery: Discovery, until draining: Latch, onFailure: @Sendable (any Error) -> Void,
        onAcquired: (HeldShard, ShardStatus) -> Void
    ) async {
        var discovery = discovery
        let timing = configuration.leases
        while !draining.isOpen, !Task.isCancelled {
            var pause = timing.heartbeatFrequency
            var failure: (any Error)?
            do {
                let known = discovery
                let look = try await draining.cancelling(atMost: max(timing.sessionTimeout, Self.shortestLookLimit)) {
                    try await self.look(known)
                }
                discovery = look.discovery
                pause = min(pause, look.pause)
                state.withLock { $0.completeWith = look.completeWith }
            } catch {
                state.withLock { $0.completeWith = nil }
                failure = error
            }
            if draining.isOpen { return }
            // Also after a failure: what was taken before it needs a reader.
            for (shard, status) in takeAcquired() { onAcquired(shard, status) }
            if let failure {
                if let error = failure as? KinesisError, !error.isRetryable {
                    fail(error, onFailure)
                    return await draining.wait()
                }
                logger.warning("could not look for shards, trying again", metadata: ["error": "\(failure)"])
                pause = min(pause, Self.failurePause)
            }
            await bell.wait(atMost: pause)
        }
    }

    private static let failurePause = Duration.seconds(2)
    /// A listing of many shards takes several calls, each with attempts of its own.
    private static let shortestLookLimit = Duration.seconds(60)

    private func takeAcquired() -> [(HeldShard, ShardStatus)] {
        state.withLock { state in
            let taken = state.acquired.map { ($0, ShardStatus()) }
            for (shard, status) in taken { state.readers[shard.lease.shard] = status }
            state.acquired = []
            return taken
        }
    }

    private func look(_ known: Discovery) async throws -> Look {
        var discovery = known
        let timing = configuration.leases
        if discovery.age > configuration.discoveryInterval { try await discovery.refresh(client, stream) }
        let workers = try await table.announce(
            Worker(worker, capacity: configuration.maxShardConsumers), for: timing.sessionTimeout
        ).map(\.name)
        var rows = try await Rows(of: table)
        if hasUnlistedRow(rows.all, discovery) { try await discovery.refresh(client, stream) }
        let missing = ShardDiscovery.missing(shards: discovery.shards, rows: rows.all, start: discovery.start)
        if !missing.isEmpty {
            try await table.create(missing)
            rows = try await Rows(of: table)
        }
        let listed = discovery.listed
        let readable = ShardDiscovery.readable(rows: rows.all, listed: listed)
        let moves = LeaseAssignment(worker: worker, limit: configuration.maxShardConsumers).moves(rows: readable, workers: workers)
        for move in moves { try await make(move) }

        let held = Set(holder.shards.map(\.lease))
        let ownersLive = state.withLock {
            $0.liveness.observe(readable, held: held, sentAt: rows.sentAt, receivedAt: rows.receivedAt)
        }
        let isComplete = ownersLive && moves.isEmpty && readable.count == rows.all.count { !$0.isFinished && listed.contains($0.shard) }
        let isPromised = readable.contains { $0.nextOwner == worker }
        return Look(
            discovery: discovery,
            pause: moves.isEmpty && !isPromised ? quietPause(readable) : min(timing.heartbeatFrequency / 10, .seconds(1)),
            completeWith: isComplete ? held : nil)
    }

    /// A dead worker's leases are free the moment they expire.
    private func quietPause(_ readable: [Lease]) -> Duration {
        let expiries = readable.compactMap { $0.owner == worker ? nil : $0.remaining }
        return expiries.min().map { $0 + .milliseconds(50) } ?? configuration.leases.heartbeatFrequency
    }

    /// The children of a reshard get their rows from whoever finished the parent, before the next regular listing shows them here.
    private func hasUnlistedRow(_ rows: [Lease], _ discovery: Discovery) -> Bool {
        guard discovery.age > .seconds(1) else { return false }
        let listed = discovery.listed
        return rows.contains { !$0.isFinished && !listed.contains($0.shard) }
    }

    private func make(_ move: LeaseAssignment.Move) async throws {
        switch move {
        case .acquire(let shard): try await acquire(shard)
        case .steal(let shard, let token): try await acquire(shard, stealing: token)
        case .requestHandoff(let shard, let owner):
            // The owner drains first; one that has not answered for a whole session is taken for dead.
            let grace = configuration.leases.sessionTimeout
            if try await table.requestHandoff(shard, from: owner, to: worker, within: grace) {
                logger.info("asked for a shard", metadata: ["shard": "\(shard)", "owner": "\(owner)"])
            }
        }
    }

    private func acquire(_ shard: String, stealing token: Int64? = nil) async throws {
        // A reader that lost its lease may still be delivering a page: a second one beside it would break the order.
        guard state.withLock({ $0.readers[shard] == nil }), let held = try await holder.acquire(shard, stealing: token) else { return }
        state.withLock { $0.acquired.append(held) }
    }
}
