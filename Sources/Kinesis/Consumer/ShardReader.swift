import Coordination
import Leasing
import Logging
import Records

/// Reads one shard from its position until it ends, the lease goes, or it is told to stop.
struct ShardReader {
    enum Ending: Sendable {
        case stopped
        /// The shard is closed and read to its end. Not everything need be acknowledged yet.
        case shardEnd(children: [Shard])
    }

    let client: any StreamReading
    let stream: StreamIdentifier
    let shard: HeldShard
    let configuration: ConsumerConfiguration
    /// How many readers share what may be in hand.
    let shardsHeld: @Sendable () -> Int
    let status: ShardStatus
    let receiver: any ShardPageReceiver
    let logger: Logger

    /// GetRecords calls per second and shard that Kinesis allows to all readers together (AWS: "Quotas and limits", GetRecords).
    private static let readQuota = 5.0

    func run() async throws -> Ending {
        let (stop, progress) = (shard.stop, shard.progress)
        var cursor = shard.start
        var iterator: String?
        var backoff = ReadBackoff()
        var pageLimit = PageLimit()
        while !stop.isOpen {
            try Task.checkCancellation()
            let startedAt = ContinuousClock.now
            do {
                let current: String
                if let iterator { current = iterator } else { current = try await openIterator(at: cursor) }
                let reply = try await client.getRecords(
                    current, limit: pageLimit.records(atMost: mostRecords, shards: shardsHeld()), stream: stream)
                backoff.succeeded()
                if let last = reply.records.last {
                    pageLimit.received(bytes: reply.records.reduce(0) { $0 + $1.data.count }, records: reply.records.count)
                    let page = ShardPage(shard: shard.lease.shard, records: reply.records, resumedAfter: resumePoint(of: cursor), progress: progress)
                    status.isAtTip = false
                    try await receiver.receive(page)
                    cursor = .sequence(last.sequenceNumber, subSequence: nil)
                }
                guard let next = reply.nextIterator else { return .shardEnd(children: reply.childShards) }
                iterator = next
                let isAtTip = reply.millisBehindLatest == 0
                status.isAtTip = isAtTip && reply.records.isEmpty
                await pause(since: startedAt, isAtTip: isAtTip, wasEmpty: reply.records.isEmpty)
            } catch let error as KinesisError {
                iterator = nil
                guard let delay = backoff.delay(after: error) else { throw error }
                if delay > .zero {
                    logger.debug("read failed, trying again", metadata: ["error": "\(error.code)"])
                    await stop.wait(atMost: delay)
                }
            }
        }
        return .stopped
    }

    private var mostRecords: Int {
        max(1, min(configuration.recordLimit, configuration.maxQueueSize / max(1, shardsHeld())))
    }

    private func openIterator(at cursor: Position) async throws(KinesisError) -> String {
        let start: IteratorStart =
            switch cursor {
            case .trimHorizon, .shardEnd: .trimHorizon
            case .timestamp(let milliseconds): .timestamp(milliseconds)
            case .sequence(let sequence, subSequence: nil): .after(sequence)
            case .sequence(let sequence, subSequence: .some): .at(sequence)
            }
        return try await client.shardIterator(stream, shard: shard.lease.shard, at: start)
    }

    private func resumePoint(of cursor: Position) -> (sequence: SequenceNumber, subSequence: Int)? {
        guard case .sequence(let sequence, let sub?) = cursor else { return nil }
        return (sequence, sub)
    }

    /// Behind the tip a reader goes as fast as the quota allows; at the tip it keeps to its own, slower rate.
    private func pause(since start: ContinuousClock.Instant, isAtTip: Bool, wasEmpty: Bool) async {
        let interval: Duration
        if isAtTip {
            interval = wasEmpty ? configuration.sleepTimeNoRecords : .seconds(1 / configuration.shardFetchRate)
        } else {
            interval = .seconds(1 / Self.readQuota)
        }
        let remaining = interval - (ContinuousClock.now - start)
        if remaining > .zero { await shard.stop.wait(atMost: remaining) }
    }
}

/// When to try a failed read again: pure.
struct ReadBackoff {
    private var failures = 0

    mutating func succeeded() { failures = 0 }

    /// Nil when trying again cannot help.
    mutating func delay(after error: KinesisError) -> Duration? {
        failures += 1
        switch error.kind {
        case .expiredIterator: return failures > 3 ? .seconds(1) : .zero
        case _ where error.isRetryable: return min(.milliseconds(200 << min(failures, 6)), .seconds(10))
        default: return nil
        }
    }
}
