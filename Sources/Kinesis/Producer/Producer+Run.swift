import Coordination
import Leasing
import Logging
import Records
import Synchronization

extension Producer {
    /// Sends records until `finish` was called and all are stored; call it once.
    ///
    /// Throws `ProducerError.failed` when the stream refuses all records for good, and `CancellationError` when the task is cancelled: requests
    /// under way are cancelled with it, and what they hold may or may not be stored. `put` throws from then on.
    public func run() async throws {
        defer {
            let stopped = Failure("producer_stopped", "The producer of stream \(stream.name.debugDescription) has stopped")
            shared.withLock { if !$0.state.isDrained { $0.state.abort(stopped) } }
            releaseWaiters()
        }
        try await withThrowingDiscardingTaskGroup { group in
            while true {
                let step = shared.withLock { $0.step() }
                for effect in step.effects {
                    switch effect {
                    case .send(let id, let entries): group.addTask { await self.send(id, entries) }
                    case .refreshShardMap: group.addTask { await self.listShards() }
                    case .acknowledge(let tokens):
                        onAcknowledged(tokens)
                        releaseWaiters()
                    case .fail: break
                    }
                }
                if let failure = step.failure { throw ProducerError.failed(failure) }
                if step.isDrained {
                    // Only a listing of shards can be left.
                    group.cancelAll()
                    return
                }
                try await wakeup.wait(until: step.wakeUp)
            }
        }
    }

    private func send(_ id: RequestID, _ entries: [ProducerEntry<Token>]) async {
        let outcome: RequestOutcome
        let report: FlushReport<Token>
        let sent = MonotonicTime.now()
        do throws(KinesisError) {
            let records = entries.map { PutEntry(data: $0.data, partitionKey: $0.partitionKey, explicitHashKey: $0.explicitHashKey) }
            let results = try await transport.putRecords(stream, records)
            outcome = .answered(results.map(RecordOutcome.init))
            report = FlushReport(stream: stream, entries: entries, outcome: .success(results))
        } catch {
            outcome = .failed(error.requestFailure)
            report = FlushReport(stream: stream, entries: entries, outcome: .failure(error))
        }
        let now = MonotonicTime.now()
        measure(report, took: now - sent)
        onFlushed?(report)
        let (effects, trouble, gauges) = shared.withLock { shared in
            let effects = shared.state.completed(id, outcome, now: now)
            return (effects, shared.trouble(now: now), metrics == nil ? nil : shared.gauges(now: now))
        }
        if let gauges { metrics?.show(gauges) }
        for case .acknowledge(let tokens) in effects { onAcknowledged(tokens) }
        if let trouble { warn(trouble) }
        releaseWaiters()
        wakeup.fire()
    }

    private func measure(_ report: FlushReport<Token>, took duration: Duration) {
        guard let metrics else { return }
        let map = report.hasThrottles ? shardMap : nil
        metrics.observe(report, took: duration) { map?.shard(of: $0) }
    }

    private func listShards() async {
        defer {
            firstListing.open()
            wakeup.fire()
        }
        do throws(KinesisError) {
            let map = ShardMap(try await transport.openShards(stream))
            shared.withLock { shared in
                shared.listingError = nil
                shared.state.shardMapLoaded(map, now: .now())
            }
        } catch {
            guard !Task.isCancelled else { return }
            if error.kind == .notFound {
                shared.withLock { $0.state.abort(error.failure) }
            } else {
                let isNews = shared.withLock { shared in
                    defer { shared.listingError = error.kind }
                    shared.state.shardMapUnavailable(now: .now())
                    return shared.listingError != error.kind
                }
                guard isNews else { return }
                logger.warning(
                    shardMap == nil
                        ? "the stream's shards cannot be listed, so their limits are not known; it is tried again and again"
                        : "the stream's shards cannot be listed again, so those known are used; it is tried again and again",
                    metadata: ["reason": "\(error)"])
            }
        }
    }

    private func warn(_ trouble: Trouble) {
        var metadata: Logger.Metadata = [
            "stream": "\(stream)", "throttled_records": "\(trouble.line.throttledRecords)",
            "failed_records": "\(trouble.line.failedRecords)",
            "failed_requests": "\(trouble.line.failedRequests)", "seconds": "\(trouble.line.seconds)",
            "pending_records": "\(trouble.pendingRecords)", "pending_bytes": "\(trouble.pendingBytes)",
        ]
        if let slowest = trouble.slowest {
            metadata["slowest_shard"] = "\(slowest.id)"
            metadata["slowest_shard_percent"] = "\(Int(slowest.factor * 100))"
        }
        if let failure = trouble.failure { metadata["latest_error"] = "\(failure)" }
        logger.warning("the stream refuses records, they are sent again", metadata: metadata)
    }
}

/// What a warning says.
private struct Trouble {
    var line: TroubleReport.Line
    var pendingRecords: Int
    var pendingBytes: Int
    var slowest: (id: String, factor: Double)?
    var failure: Failure?
}

extension Producer.Shared {
    fileprivate mutating func step() -> (effects: [ProducerEffect<Token>], wakeUp: MonotonicTime?, isDrained: Bool, failure: Failure?) {
        let effects = state.poll(now: .now())
        alarm = state.nextWakeUp
        return (effects, alarm, state.isDrained, state.failure)
    }

    /// Once a second.
    fileprivate mutating func gauges(now: MonotonicTime) -> ProducerMetrics.Gauges? {
        guard now >= gaugesDue || state.pendingRecords == 0 else { return nil }
        gaugesDue = now + .seconds(1)
        return ProducerMetrics.Gauges(
            pendingRecords: state.pendingRecords, pendingBytes: state.pendingBytes, openShards: state.shardMap?.destinations.count,
            factors: state.reducedShards)
    }

    fileprivate mutating func trouble(now: MonotonicTime) -> Trouble? {
        troubles.line(for: state.statistics, now: now).map { line in
            Trouble(
                line: line, pendingRecords: state.pendingRecords, pendingBytes: state.pendingBytes, slowest: state.slowestShard,
                failure: line.failedRecords + line.failedRequests > 0 ? state.statistics.latestFailure : nil)
        }
    }
}

extension RecordOutcome {
    fileprivate init(_ result: PutResult) {
        switch result {
        case .stored(let shard, _): self = .stored(shard: shard)
        case .failed(let code, let message): self = .failed(code: code, message: message)
        }
    }
}
