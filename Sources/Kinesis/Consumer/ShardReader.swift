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

    /// Throws what the receiver throws, a `KinesisError` that trying again cannot help, or `CancellationError`.
    func run() async throws -> Ending {
        // At its end a shard is not at its tip: its children are still to be read.
        defer { status.isAtTip = false }
        var cursor = shard.start
        var iterator: String?
        var pageLimit = PageLimit()
        while let page = try await nextPage(&iterator, at: cursor, limit: pageLimit.records(atMost: mostRecords, shards: shardsHeld())) {
            let (reply, startedAt) = page
            if let last = reply.records.last {
                status.isAtTip = false
                pageLimit.received(bytes: reply.records.reduce(0) { $0 + $1.data.count }, records: reply.records.count)
                try await receiver.receive(
                    ShardPage(
                        shard: shard.lease.shard, records: reply.records, resumedAfter: resumePoint(of: cursor), progress: shard.progress))
                cursor = .sequence(last.sequenceNumber, subSequence: nil)
            }
            guard let next = reply.nextIterator else { return .shardEnd(children: reply.childShards) }
            iterator = next
            let isAtTip = reply.millisBehindLatest == 0
            status.isAtTip = isAtTip && reply.records.isEmpty
            await pause(since: startedAt, isAtTip: isAtTip, wasEmpty: reply.records.isEmpty)
        }
        return .stopped
    }

    /// The next reply and when it was asked for, after as many attempts as it takes; nil once the reader is told to stop.
    private func nextPage(
        _ iterator: inout String?, at cursor: Position, limit: Int
    ) async throws -> (reply: GetRecordsReply, startedAt: ContinuousClock.Instant)? {
        var backoff = ReadBackoff()
        var generator = SystemRandomNumberGenerator()
        while !shard.stop.isOpen {
            try Task.checkCancellation()
            let startedAt = ContinuousClock.now
            do {
                let current = try await open(iterator, at: cursor)
                iterator = current
                status.opened()
                let reply = try await shard.stop.cancelling { try await client.getRecords(current, limit: limit, stream: stream) }
                // A process that was stopped comes back here long after it asked.
                return shard.stop.isOpen || shard.progress.isAbandoned ? nil : (reply, startedAt)
            } catch let error as KinesisError where !shard.stop.isOpen {
                if error.kind == .expiredIterator { iterator = nil }
                guard let delay = backoff.delay(after: error, using: &generator) else { throw error }
                logger.debug("read failed, trying again", metadata: ["error": "\(error.code)", "delay_ms": "\(delay.wholeMilliseconds)"])
                if delay > .zero { await shard.stop.wait(atMost: delay) }
            } catch {
                // Told to stop: whatever failed does not matter any more.
                if shard.stop.isOpen { return nil }
                throw error
            }
        }
        return nil
    }

    private var mostRecords: Int {
        max(1, min(configuration.recordLimit, configuration.maxQueueSize / max(1, shardsHeld())))
    }

    private func open(_ iterator: String?, at cursor: Position) async throws -> String {
        if let iterator { return iterator }
        let start: IteratorStart =
            switch cursor {
            case .trimHorizon, .shardEnd: .trimHorizon
            case .timestamp(let milliseconds): .timestamp(milliseconds)
            case .sequence(let sequence, subSequence: nil): .after(sequence)
            case .sequence(let sequence, subSequence: .some): .at(sequence)
            }
        return try await shard.stop.cancelling { try await client.shardIterator(stream, shard: shard.lease.shard, at: start) }
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
