import Coordination
import Leasing
import Logging
import Records

extension ShardReader {
    /// Does what `ShardSubscription` says, until the shard ends; `cursor` tells how far it came.
    ///
    /// Throws a `KinesisError` that trying again cannot help, or `CancellationError`.
    func subscribe(
        as consumer: StreamConsumer, from cursor: inout Position, into feed: PageFeed, _ metrics: ReadMetrics
    ) async throws -> Ending {
        var subscription = ShardSubscription(from: cursor, now: .now())
        var failure: KinesisError?
        while true {
            try Task.checkCancellation()
            defer { cursor = subscription.cursor }
            let step = subscription.next(now: .now(), hasRoom: hasRoom(feed))
            do throws(KinesisError) {
                switch step {
                case .subscribe(let position):
                    metrics.subscribed()
                    try await client.subscribe(consumer, stream, shard: id, at: IteratorStart(behind: position)) {
                        subscription.opened(now: .now())
                        status.opened()
                    } receive: { event in
                        failure = nil
                        return await take(event, &subscription, feed, metrics)
                    }
                    subscription.finished(now: .now())
                case .listShards:
                    let shards = try await client.shardListing(stream, filter: nil).shards
                    var generator = SystemRandomNumberGenerator()
                    subscription.sighted(ShardSighting(of: id, in: shards), now: .now(), using: &generator)
                case .wait(let time): try? await Task.sleep(for: time - .now())
                case .waitForRoom: await waitForRoom(feed, atMost: Self.roomPause)
                case .end(let children): return .shardEnd(children: children)
                case .fail: throw failure ?? .contradictoryEnd(of: id, stream, .subscribeToShard)
                }
            } catch {
                if case .fail = step { throw error }
                try Task.checkCancellation()
                failure = error
                var generator = SystemRandomNumberGenerator()
                subscription.failed(error.readFailure, now: .now(), using: &generator)
                report(error, failures: subscription.failures, metrics)
                if error.readFailure == .inUse { warnOfTakeover(error, consumer) }
            }
        }
    }

    /// False ends the subscription: the shard is at its end, nobody takes pages any more, or the sinks are too slow for it.
    private func take(
        _ event: ShardEvent, _ subscription: inout ShardSubscription, _ feed: PageFeed, _ metrics: ReadMetrics
    ) async -> Bool {
        let share = ReadAhead.Share(records: event.records.count, bytes: event.records.reduce(0) { $0 + $1.data.count })
        metrics.received(records: share.records, bytes: share.bytes, millisBehindLatest: event.millisBehindLatest)
        status.isAtTip = false
        readAhead.take(share, for: feed.reader)
        guard feed.put(PageFeed.Page(records: event.records, share: share, endsAtTip: event.millisBehindLatest == 0)) else {
            readAhead.giveBack(share, of: feed.reader)
            return false
        }
        subscription.received(
            ShardSubscription.Event(
                lastSequence: event.records.last?.sequenceNumber, continuation: event.continuation, children: event.childShards))
        if event.continuation == nil { return false }
        if hasRoom(feed) { return true }
        await waitForRoom(feed, atMost: ShardSubscription.patience)
        if hasRoom(feed) { return true }
        logger.debug("the sinks are slower than the subscription; it is given up until there is room")
        subscription.overflowed(now: .now())
        return false
    }

    private func hasRoom(_ feed: PageFeed) -> Bool {
        feed.inHand < ShardSubscription.mostEventsInHand && readAhead.isLeft(for: feed.reader, among: shardsHeld())
    }

    private func waitForRoom(_ feed: PageFeed, atMost limit: Duration) async {
        let deadline = MonotonicTime.now() + limit
        // It may be long until the next event takes something.
        defer { readAhead.leave(feed.reader) }
        while !hasRoom(feed), !Task.isCancelled, deadline > .now() {
            let left = deadline - .now()
            if feed.inHand >= ShardSubscription.mostEventsInHand {
                await feed.waitForDelivery(atMost: left)
            } else {
                await readAhead.waitForRoom(for: feed.reader, among: shardsHeld(), atMost: left)
            }
        }
    }

    /// The lease is still ours, or this reader would have been told to stop: somebody else reads under our consumer's name.
    private func warnOfTakeover(_ error: KinesisError, _ consumer: StreamConsumer) {
        guard !shard.stop.isOpen else { return }
        logger.warning(
            "another reader is subscribed to the shard as the same consumer; taking it over in some seconds",
            metadata: ["consumer": "\(consumer.name)", "error": "\(error.message)"])
    }
}
