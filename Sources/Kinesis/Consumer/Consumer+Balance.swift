import Coordination
import Leasing
import Logging
import Metrics
import Records
import Synchronization

extension Consumer {
    /// A consumer's look at its stream and its lease table, and what has followed from it.
    private struct Look {
        var consumer: ConsumerState
        var workers: [Worker]
        /// Nothing is left to be taken for now.
        var isSettled: Bool
        /// How long until something new can be expected.
        var pause: Duration
    }

    private static let failurePause = Duration.seconds(2)
    /// A listing of many shards takes several calls, each with attempts of its own.
    private static let shortestLookLimit = Duration.seconds(60)

    /// Looks for shards to read at every heartbeat, and whenever something has changed.
    func balance(
        _ begun: ConsumerState, until draining: Latch, onFailure: @Sendable (any Error) -> Void,
        onAcquired: (HeldShard, ShardStatus) -> Void
    ) async {
        var consumer = begun
        var workers: [Worker] = []
        let limit = max(configuration.leases.sessionTimeout, Self.shortestLookLimit)
        while !draining.isOpen, !Task.isCancelled {
            var pause = configuration.leases.heartbeatFrequency
            var failure: (any Error)?
            var isSettled = false
            do {
                let known = consumer
                let look = try await draining.cancelling(atMost: limit) { try await self.look(known) }
                (consumer, workers, pause, isSettled) = (look.consumer, look.workers, look.pause, look.isSettled)
            } catch {
                state.withLock { $0.completeWith = nil }
                failure = error
            }
            if draining.isOpen { return }
            // Also after a failure: what was taken before it needs a reader.
            for (shard, status) in takeAcquired() { onAcquired(shard, status) }
            if let recreated = failure as? StreamRecreated {
                do {
                    consumer = try await draining.cancelling(atMost: limit) { try await self.beginAnew(in: recreated) }
                    continue
                } catch {
                    failure = error
                }
            }
            if let failure {
                if isFinal(failure) {
                    fail(failure, onFailure)
                    return await draining.wait()
                }
                logger.warning("could not look for shards, trying again", metadata: ["error": "\(failure)"])
                pause = min(pause, Self.failurePause)
            } else if isSettled {
                noteReady { $0.hasSettled = true }
            }
            await rest(atMost: pause, knowing: workers, unless: draining)
        }
    }

    private func isFinal(_ failure: any Error) -> Bool {
        if let error = failure as? KinesisError { return !error.isRetryable }
        return (failure as? Failure)?.code == "stream_recreated"
    }

    private func takeAcquired() -> [(HeldShard, ShardStatus)] {
        state.withLock { state in
            let taken = state.acquired.map { shard in (shard, ShardStatus { self.noteReady { $0.opening.remove(shard.lease.shard) } }) }
            for (shard, status) in taken {
                state.readers[shard.lease.shard] = status
                state.opening.insert(shard.lease.shard)
            }
            state.acquired = []
            return taken
        }
    }

    /// Until `pause` has passed, somebody rings, or a worker has come or gone: that costs a small call now and then, so that shards move soon.
    private func rest(atMost pause: Duration, knowing workers: [Worker], unless draining: Latch) async {
        let timing = configuration.leases
        let glance = max(timing.heartbeatFrequency / Self.glances, Self.shortestGlance)
        let end = ContinuousClock.now + pause
        while !draining.isOpen, !Task.isCancelled {
            let left = end - .now
            guard left > .zero, await !bell.wait(atMost: min(left, glance)), end - .now > .zero else { return }
            let alive = try? await draining.cancelling(atMost: glance) { try await self.announce() }
            if let alive, alive != workers { return }
        }
    }

    /// So often between two looks the list of workers is looked at.
    private static let glances = 5
    private static let shortestGlance = Duration.milliseconds(5)

    private func announce() async throws -> [Worker] {
        try await table.announce(me, for: configuration.leases.sessionTimeout)
    }

    private func look(_ known: ConsumerState) async throws -> Look {
        var consumer = known
        let workers = try await announce()
        var sentAt = MonotonicTime.now()
        var rows = try await table.leases()
        if rows.isEmpty, try await restoreRows(consumer) {
            sentAt = .now()
            rows = try await table.leases()
        }
        let receivedAt = MonotonicTime.now()
        let view = state.withLock { state in
            ConsumerState.View(
                rows: rows, workers: workers, held: Set(holder.shards.map(\.lease)), busy: Set(state.readers.keys), sentAt: sentAt,
                receivedAt: receivedAt)
        }
        let mustList = state.withLock { state in
            defer { state.mustList = false }
            return state.mustList
        }
        if mustList || consumer.needsListing(view) { try await list(into: &consumer, rows: rows) }
        let holes = consumer.holes
        let step = consumer.step(view)
        report(holes: consumer.holes, before: holes)
        if consumer.leavesSomeUnread, !known.leavesSomeUnread {
            logger.warning("there are more shards than all agents may read: raise max_shard_consumers, or start another agent")
        }
        if step.restatesStart { try await restateStart() }
        if !step.creations.isEmpty { try await table.create(step.creations) }
        for lease in step.handovers { holder.beginHandover(of: lease) }
        try await make(step.moves)
        state.withLock { $0.completeWith = step.isComplete ? view.held : nil }
        return Look(consumer: consumer, workers: workers, isSettled: step.isSettled, pause: step.pause)
    }

    private func report(holes: [HashRange], before: [HashRange]) {
        metrics.holes.record(holes.count)
        guard holes != before, !holes.isEmpty else { return }
        logger.warning(
            "nobody has shards for a part of the hash space; listing them anew",
            metadata: ["holes": "\(holes.count)", "from": "\(holes[0].start)", "to": "\(holes[0].end)"])
    }

    private func make(_ moves: [LeaseAssignment.Move]) async throws {
        var wanted: [AcquireRequest] = []
        var asked: [HandoffRequest] = []
        for move in moves {
            switch move {
            case .acquire(let shard): wanted.append(AcquireRequest(shard))
            case .steal(let shard, let token): wanted.append(AcquireRequest(shard, stealing: token))
            case .requestHandoff(let shard, let owner): asked.append(HandoffRequest(shard, from: owner))
            }
        }
        if !wanted.isEmpty {
            let acquired = try await holder.acquire(wanted)
            state.withLock { $0.acquired += acquired }
        }
        if !asked.isEmpty {
            // The owner drains first; one that has not answered for a whole session is taken for dead.
            let granted = try await table.requestHandoffs(asked, to: worker, within: configuration.leases.sessionTimeout)
            logger.info("asked for shards", metadata: ["shards": "\(granted.count { $0 })"])
        }
    }
}
