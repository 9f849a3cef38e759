import Coordination
import Leasing
import Logging
import Records

/// Reads one shard from its position until it ends, the lease goes, or it is told to stop: by polling, or by a subscription.
///
/// One task reads, as `ShardPoll` or `ShardSubscription` tells it; the reader's own hands the pages on, so that the next one is on its way
/// meanwhile.
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
    /// What they share.
    let readAhead: ReadAhead
    let status: ShardStatus
    let receiver: any ShardPageReceiver
    let logger: Logger

    var id: String { shard.lease.shard }

    /// Throws what the receiver throws, a `KinesisError` that trying again cannot help, or `CancellationError`.
    func run() async throws -> Ending {
        // At its end a shard is not at its tip: its children are still to be read.
        defer { status.isAtTip = false }
        let feed = PageFeed()
        return try await withThrowingTaskGroup(of: Ending?.self) { group in
            group.addTask {
                defer {
                    readAhead.leave(feed.reader)
                    feed.finish()
                }
                return try await read(into: feed)
            }
            group.addTask {
                await shard.stop.wait()
                feed.finish()
                return nil
            }
            var isComplete = true
            for await page in feed.pages {
                // What is not handed on is read again by whoever has the shard next. A process that was stopped comes back here long after.
                if shard.stop.isOpen || shard.progress.isAbandoned { isComplete = false }
                if isComplete { try await hand(on: page, feed) }
                feed.delivered()
                readAhead.giveBack(page.share, of: feed.reader)
            }
            let ending = try await outcome(of: &group)
            return isComplete ? ending : .stopped
        }
    }

    private func hand(on page: PageFeed.Page, _ feed: PageFeed) async throws {
        if !page.records.isEmpty {
            try await receiver.receive(ShardPage(shard: id, records: page.records, resumedAfter: resumePoint, progress: shard.progress))
        }
        if page.endsAtTip, feed.inHand == 1 { status.isAtTip = true }
    }

    /// How the reading task ended, once it has; it is cancelled where the shard is to be left.
    private func outcome(of group: inout ThrowingTaskGroup<Ending?, any Error>) async throws -> Ending {
        var ending = Ending.stopped
        do {
            if shard.stop.isOpen || Task.isCancelled { group.cancelAll() }
            while let finished = try await group.next() {
                guard let finished else { continue }
                ending = finished
                group.cancelAll()
            }
        } catch {
            // Told to stop: whatever failed does not matter any more.
            guard shard.stop.isOpen else { throw error }
        }
        try Task.checkCancellation()
        return ending
    }

    private func read(into feed: PageFeed) async throws -> Ending {
        let metrics = ReadMetrics(shard: id, dimensions: configuration.metricDimensions)
        guard let fanOut = configuration.fanOut else { return try await poll(from: shard.start, into: feed, metrics) }
        var cursor = shard.start
        do {
            return try await subscribe(as: fanOut.consumer, from: &cursor, into: feed, metrics)
        } catch let error as KinesisError where fanOut.fallsBackToPolling && !Task.isCancelled {
            logger.warning("the shard cannot be subscribed to; reading it by polling", metadata: ["error": "\(error.failure)"])
            return try await poll(from: cursor, into: feed, metrics)
        }
    }

    /// The first record may be an aggregate of which a part is done.
    private var resumePoint: (sequence: SequenceNumber, subSequence: Int)? {
        guard case .sequence(let sequence, let sub?) = shard.start else { return nil }
        return (sequence, sub)
    }

    /// At this many failures in a row the log says so, and once more at every further so many.
    private static let loudFailures = 5

    /// Tells of a failed call; trying again follows.
    func report(_ error: KinesisError, failures: Int, _ metrics: ReadMetrics) {
        metrics.failed(error)
        let level: Logger.Level = failures > 0 && failures.isMultiple(of: Self.loudFailures) ? .warning : .debug
        logger.log(
            level: level, "reading failed, trying again", metadata: ["error": "\(error)", "failures": "\(failures)"])
    }
}

extension IteratorStart {
    /// Behind a position; at its record where that is done in part only.
    init(behind position: Position) {
        switch position {
        case .trimHorizon, .shardEnd: self = .trimHorizon
        case .timestamp(let milliseconds): self = .timestamp(milliseconds)
        case .sequence(let sequence, subSequence: nil): self = .after(sequence)
        case .sequence(let sequence, subSequence: .some): self = .at(sequence)
        }
    }
}
