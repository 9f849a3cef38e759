import Records

@testable import Coordination

/// A shard behind a faulty service, its reader and a sink that blocks at times, under a virtual clock: everything follows from the seed.
struct ShardPollSimulation {
    /// What went wrong; empty where nothing did.
    private(set) var violations: [String] = []
    private(set) var delivered: [Int] = []
    private(set) var children: [Shard]?
    private(set) var calls = 0

    private var random: SplitMix64
    private var now = MonotonicTime.zero
    private var poll: ShardPoll
    private var pace = ReadPace(now: .zero)
    /// When each record arrived: a record's number is its sequence number.
    private let arrivals: [MonotonicTime]
    private let closesAt: MonotonicTime
    private let recordBytes: Int
    private var iterators: [(next: Int, issuedAt: MonotonicTime)] = []
    /// The service's buckets, which other readers empty at times.
    private var readCalls = TokenBucket(capacity: 5, perSecond: 5, now: .zero)
    private var quietUntil = MonotonicTime.zero
    /// Pages in hand and when the sink accepts each.
    private var pages: [(records: Range<Int>, acceptedAt: MonotonicTime)] = []

    private static let children = [Shard(id: "b", parent: "a", hashRange: .all, startingSequence: SequenceNumber(0))]

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var time = MonotonicTime.zero
        var arrivals: [MonotonicTime] = []
        for _ in 0..<Int.random(in: 0...150, using: &random) {
            time = time + .milliseconds(Int64.random(in: 0...(Bool.random(using: &random) ? 20 : 3_000), using: &random))
            arrivals.append(time)
        }
        self.arrivals = arrivals
        closesAt = time + .seconds(Int64.random(in: 0...30, using: &random))
        recordBytes = [10, 1_000, 200_000, 1 << 20].randomElement(using: &random) ?? 10
        self.random = random
        poll = ShardPoll(.init(recordLimit: 10_000, sleepTimeNoRecords: .seconds(2), fetchRate: 1), from: .trimHorizon, now: .zero)
    }

    mutating func run() {
        for _ in 0..<100_000 {
            accept()
            let room = ShardPoll.Room(pagesInHand: pages.count, isLeft: true, shards: 1, records: 10_000)
            switch poll.next(now: now, room: room, pace: &pace) {
            case .open(let position): open(behind: position)
            case .fetch(let iterator, let limit, _): fetch(iterator, limit)
            case .wait(let time): now = time
            case .waitForDelivery, .waitForRoom: now = pages.first?.acceptedAt ?? now
            case .listShards:
                // A listing may be older than the shard's end.
                let shards = chance(0.2) ? [Self.shard(isClosed: false)] : [Self.shard(isClosed: true)] + Self.children
                poll.sighted(ShardSighting(of: "a", in: shards), now: now, using: &random)
            case .end(let children):
                now = pages.last?.acceptedAt ?? now
                accept()
                self.children = children
                if delivered != Array(arrivals.indices) {
                    violations.append("\(delivered.count) of \(arrivals.count) records, or out of order")
                }
                return
            case .fail: return violations.append("gave up")
            }
        }
        violations.append("does not come to an end")
    }

    private static func shard(isClosed: Bool) -> Shard {
        Shard(id: "a", hashRange: .all, startingSequence: SequenceNumber(0), endingSequence: isClosed ? SequenceNumber(1) : nil)
    }

    private mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &random) < probability }

    private mutating func accept() {
        while let first = pages.first, first.acceptedAt <= now {
            delivered += first.records
            pages.removeFirst()
        }
    }

    private mutating func open(behind position: Position) {
        now = now + .milliseconds(5)
        if chance(0.1) { return poll.failed(.throttled(retryAfter: nil), now: now, pace: &pace, using: &random) }
        let next =
            switch position {
            case .sequence(let sequence, _): (Int(sequence.digits) ?? 0) + 1
            default: 0
            }
        poll.opened(issue(next), now: now)
    }

    private mutating func issue(_ next: Int) -> String {
        iterators.append((next, now))
        return String(iterators.count - 1)
    }

    private mutating func fetch(_ iterator: String, _ limit: Int) {
        calls += 1
        readCalls.refill(now: now)
        let place = iterators[Int(iterator) ?? 0]
        if now - place.issuedAt > .seconds(300) { violations.append("an iterator is used after its life") }
        let isRefused = !readCalls.allows(1) || now < quietUntil
        if isRefused { violations.append("a call beyond the quota") }
        readCalls.take(1)
        now = now + .milliseconds(Int64.random(in: 1...100, using: &random))
        if chance(0.03) { return poll.failed(.throttled(retryAfter: nil), now: now, pace: &pace, using: &random) }
        if chance(0.03) { return poll.failed(.transient(retryAfter: nil), now: now, pace: &pace, using: &random) }
        if chance(0.02) { return poll.failed(.expiredIterator, now: now, pace: &pace, using: &random) }
        answer(from: place.next, limit)
    }

    private mutating func answer(from start: Int, _ limit: Int) {
        let arrived = arrivals.firstIndex { $0 > now } ?? arrivals.count
        let most = min(limit, max(1, (10 << 20) / recordBytes))
        let end = chance(0.1) ? start : min(arrived, start + most)
        let bytes = (end - start) * recordBytes
        quietUntil = now + .nanoseconds(Int64(Double(bytes) / ShardReadQuota.bytesPerSecond * 1e9)) - .milliseconds(1)
        let isEnd = end == arrivals.count && now >= closesAt
        let behind: Int64 = end < arrived ? 1_000 : 0
        let isDelivered = poll.received(
            .init(
                records: end - start, bytes: bytes, lastSequence: end > start ? SequenceNumber(UInt64(end - 1)) : nil,
                nextIterator: isEnd ? nil : issue(end), millisBehindLatest: behind, children: isEnd && !chance(0.3) ? Self.children : []),
            now: now, pace: &pace, using: &random)
        if !isDelivered { violations.append("a good page is refused") }
        guard end > start else { return }
        let patience: Duration = chance(0.02) ? .seconds(400) : .milliseconds(Int64.random(in: 0...500, using: &random))
        pages.append((start..<end, max(now, pages.last?.acceptedAt ?? now) + patience))
        if pages.count > ShardPoll.mostPagesInHand { violations.append("\(pages.count) pages in hand") }
    }
}
