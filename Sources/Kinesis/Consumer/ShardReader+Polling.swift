import Coordination
import Logging
import Records

extension ShardReader {
    /// Looked at again this often while there is no room: an iterator grows old meanwhile.
    static let roomPause = Duration.seconds(30)

    /// Does what `ShardPoll` says, until the shard ends. Throws a `KinesisError` that trying again cannot help, or `CancellationError`.
    func poll(from position: Position, into feed: PageFeed, _ metrics: ReadMetrics) async throws -> Ending {
        let settings = ShardPoll.Settings(
            recordLimit: configuration.recordLimit, sleepTimeNoRecords: configuration.sleepTimeNoRecords,
            fetchRate: configuration.shardFetchRate)
        let pace = client.readPace(stream, shard: id)
        var poll = ShardPoll(settings, from: position, now: .now())
        var failure: KinesisError?
        while true {
            try Task.checkCancellation()
            let room = roomLeft(feed)
            let step = pace.with { poll.next(now: .now(), room: room, pace: &$0) }
            do throws(KinesisError) {
                switch step {
                case .open(let position):
                    let iterator = try await client.shardIterator(stream, shard: id, at: IteratorStart(behind: position))
                    poll.opened(iterator, now: .now())
                    status.opened()
                case .fetch(let iterator, let limit, let bytes):
                    metrics.called()
                    guard try await fetch(iterator, limit, bytes, &poll, pace, feed, metrics) else { return .stopped }
                    failure = nil
                case .listShards:
                    let shards = try await client.shardListing(stream, filter: nil).shards
                    var generator = SystemRandomNumberGenerator()
                    poll.sighted(ShardSighting(of: id, in: shards), now: .now(), using: &generator)
                case .wait(let time): try? await Task.sleep(for: time - .now())
                case .waitForDelivery: await feed.waitForDelivery(atMost: Self.roomPause)
                case .waitForRoom: await readAhead.waitForRoom(for: feed.reader, among: shardsHeld(), atMost: Self.roomPause)
                case .end(let children): return .shardEnd(children: children)
                case .fail: throw failure ?? .contradictoryEnd(of: id, stream, .getRecords)
                }
            } catch {
                if case .fail = step { throw error }
                try Task.checkCancellation()
                failure = error
                var generator = SystemRandomNumberGenerator()
                pace.with { poll.failed(error.readFailure, now: .now(), pace: &$0, using: &generator) }
                report(error, failures: poll.failures, metrics)
            }
        }
    }

    /// False once nobody takes pages any more.
    private func fetch(
        _ iterator: String, _ limit: Int, _ expectedBytes: Int, _ poll: inout ShardPoll, _ pace: SharedReadPace, _ feed: PageFeed,
        _ metrics: ReadMetrics
    ) async throws(KinesisError) -> Bool {
        let expected = ReadAhead.Share(records: expectedBytes == 0 ? 0 : limit, bytes: expectedBytes)
        readAhead.take(expected, for: feed.reader)
        let reply: GetRecordsReply
        do throws(KinesisError) {
            reply = try await client.getRecords(iterator, limit: limit, stream: stream)
        } catch {
            readAhead.giveBack(expected, of: feed.reader)
            throw error
        }
        let bytes = reply.records.reduce(0) { $0 + $1.data.count }
        let page = ShardPoll.Page(
            records: reply.records.count, bytes: bytes, lastSequence: reply.records.last?.sequenceNumber, nextIterator: reply.nextIterator,
            millisBehindLatest: reply.millisBehindLatest, children: reply.childShards)
        var generator = SystemRandomNumberGenerator()
        let isGood = pace.with { poll.received(page, now: .now(), pace: &$0, using: &generator) }
        metrics.received(records: isGood ? page.records : 0, bytes: bytes, millisBehindLatest: reply.millisBehindLatest)
        var isTaken = true
        if isGood, !reply.records.isEmpty {
            status.isAtTip = false
            let share = ReadAhead.Share(records: page.records, bytes: bytes)
            readAhead.take(share, for: feed.reader)
            isTaken = feed.put(PageFeed.Page(records: reply.records, share: share))
            if !isTaken { readAhead.giveBack(share, of: feed.reader) }
        } else if isGood {
            status.isAtTip = reply.millisBehindLatest == 0 && reply.nextIterator != nil && feed.inHand == 0
        }
        readAhead.giveBack(expected, of: feed.reader)
        return isTaken
    }

    private func roomLeft(_ feed: PageFeed) -> ShardPoll.Room {
        let shards = max(1, shardsHeld())
        return ShardPoll.Room(
            pagesInHand: feed.inHand, isLeft: readAhead.isLeft(for: feed.reader, among: shards), shards: shards,
            records: max(1, configuration.maxQueueSize / shards))
    }
}
