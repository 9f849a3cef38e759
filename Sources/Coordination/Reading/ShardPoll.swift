public import Records

/// How one shard is read by GetRecords: a pure state machine that is told what happened and answers what to do next.
///
/// Behind the tip of the shard it asks as often as the quota allows; at the tip it keeps to `fetchRate`, and after an empty reply to
/// `sleepTimeNoRecords`. While pages are in hand it asks for the next one up to a limit; an iterator that grew old meanwhile is replaced
/// by one behind the last record that was read.
///
///     opening ──iterator──► reading ──no next iterator, no children──► checking ──► ended
///        ▲                     │ └──────────children──────────────────────────────────▲
///        └──too old, refused───┘          (any of them: failed)
public struct ShardPoll: Sendable {
    /// What a pipeline file says of it.
    public struct Settings: Sendable, Hashable {
        /// Records of one GetRecords at most.
        public var recordLimit: Int
        /// The pause after an empty reply at the tip.
        public var sleepTimeNoRecords: Duration
        /// Calls per second at the tip.
        public var fetchRate: Double

        /// See the properties.
        public init(recordLimit: Int, sleepTimeNoRecords: Duration, fetchRate: Double) {
            self.recordLimit = recordLimit
            self.sleepTimeNoRecords = sleepTimeNoRecords
            self.fetchRate = fetchRate
        }
    }

    /// What to do next.
    public enum Step: Sendable, Hashable {
        /// Ask for an iterator that begins behind this position.
        case open(Position)
        /// Ask for at most so many records; so many bytes may be expected.
        case fetch(iterator: String, limit: Int, bytes: Int)
        /// Ask ListShards what became of the shard.
        case listShards
        case wait(until: MonotonicTime)
        /// Nothing, before a page of this shard is delivered.
        case waitForDelivery
        /// Nothing, before any shard's pages are delivered.
        case waitForRoom
        case end(children: [Shard])
        /// The last failure is to be told.
        case fail
    }

    /// What a reply says besides its records' contents.
    public struct Page: Sendable {
        /// How many.
        public var records: Int
        /// Of data, in bytes.
        public var bytes: Int
        /// That of the last record.
        public var lastSequence: SequenceNumber?
        /// Nil at the end of a closed shard.
        public var nextIterator: String?
        /// How far behind the shard's tip the page ends; nil where the server does not say.
        public var millisBehindLatest: Int64?
        /// The shards that follow a closed one.
        public var children: [Shard]

        /// See the properties.
        public init(
            records: Int, bytes: Int, lastSequence: SequenceNumber?, nextIterator: String?, millisBehindLatest: Int64?, children: [Shard]
        ) {
            self.records = records
            self.bytes = bytes
            self.lastSequence = lastSequence
            self.nextIterator = nextIterator
            self.millisBehindLatest = millisBehindLatest
            self.children = children
        }
    }

    /// What may be read ahead of the sinks.
    public struct Room: Sendable {
        /// Of this shard: read, and not yet accepted by whoever takes them on.
        public var pagesInHand: Int
        /// Something is left of what all readers share.
        public var isLeft: Bool
        /// How many readers share it.
        public var shards: Int
        /// This reader's part of it.
        public var records: Int

        /// See the properties.
        public init(pagesInHand: Int, isLeft: Bool, shards: Int, records: Int) {
            self.pagesInHand = pagesInHand
            self.isLeft = isLeft
            self.shards = shards
            self.records = records
        }
    }

    private enum State: Sendable {
        case opening
        case reading(iterator: String, since: MonotonicTime)
        case checking(EndCheck)
        case ended([Shard])
        case failed
    }

    /// Pages in hand at most: one that is being delivered, and one fetched meanwhile.
    public static let mostPagesInHand = 2
    /// Replaced at this age, before it ends: the call and its attempts take time as well.
    private static let iteratorAge = ShardReadQuota.iteratorLife * 0.9
    /// A pause has so many moments at which idle shards are asked, the same for all of them: calls that go together find the caches warm
    /// and share their wake-ups, where calls spread evenly cost several times as much.
    private static let momentsOfRest = 4
    /// So many replies in a row may contradict themselves before it is told.
    private static let mostContradictions = 10

    private let settings: Settings
    /// What was read up to here is in hand or delivered.
    public private(set) var cursor: Position
    private var state = State.opening
    private var notBefore: MonotonicTime
    private var fetchStartedAt: MonotonicTime
    /// The pace has been asked for the next call.
    private var hasBooked = false
    private var backoff = ReadBackoff()
    private var contradictions = 0
    private var limit = PageLimit()
    /// The last reply had no records, or there was none yet.
    private var wasEmpty = true
    private var hasRested = false

    /// Begins behind `position`.
    public init(_ settings: Settings, from position: Position, now: MonotonicTime) {
        self.settings = settings
        cursor = position
        notBefore = now
        fetchStartedAt = now
    }

    /// Failures since the last success.
    public var failures: Int { backoff.failures }

    /// `pace` is that of the shard, shared by all its readers.
    public mutating func next(now: MonotonicTime, room: Room, pace: inout ReadPace) -> Step {
        switch state {
        case .ended(let children): return .end(children: children)
        case .failed: return .fail
        case .opening, .reading, .checking: if now < notBefore { return .wait(until: notBefore) }
        }
        switch state {
        case .reading(let iterator, let since):
            if room.pagesInHand >= Self.mostPagesInHand { return .waitForDelivery }
            if !room.isLeft { return .waitForRoom }
            guard now - since < Self.iteratorAge else {
                state = .opening
                return .open(cursor)
            }
            if !hasBooked {
                hasBooked = true
                notBefore = now + pace.book(now: now)
                if now < notBefore { return .wait(until: notBefore) }
            }
            hasBooked = false
            fetchStartedAt = now
            let records = limit.records(atMost: min(settings.recordLimit, room.records), shards: room.shards)
            // A shard at its tip has nothing most of the time: what it may give is not held back from the others.
            return .fetch(iterator: iterator, limit: records, bytes: hasRested && wasEmpty ? 0 : records * limit.recordBytes)
        case .checking: return .listShards
        default: return .open(cursor)
        }
    }

    /// The iterator that was asked for.
    public mutating func opened(_ iterator: String, now: MonotonicTime) {
        state = .reading(iterator: iterator, since: now)
    }

    /// A reply has come. True when its records are to be delivered; false for one that contradicts itself and is asked for again.
    public mutating func received(
        _ page: Page, now: MonotonicTime, pace: inout ReadPace, using generator: inout some RandomNumberGenerator
    ) -> Bool {
        pace.received(bytes: page.bytes, now: now)
        // As the Kinesis Client Library has it: children come with the last page, all with their parents, or not at all.
        let isLast = page.nextIterator == nil
        guard page.children.isEmpty || (isLast && page.children.allSatisfy { !$0.parents.isEmpty }) else {
            contradictions += 1
            if contradictions >= Self.mostContradictions { state = .failed }
            let delay = backoff.delay(after: .transient(retryAfter: nil), using: &generator)
            pause(delay, now: now)
            return false
        }
        contradictions = 0
        backoff.succeeded()
        limit.received(bytes: page.bytes, records: page.records)
        if let last = page.lastSequence { cursor = .sequence(last, subSequence: nil) }
        wasEmpty = page.records == 0
        if let next = page.nextIterator {
            state = .reading(iterator: next, since: now)
            notBefore = rest(after: page, using: &generator)
        } else {
            state = page.children.isEmpty ? .checking(EndCheck()) : .ended(page.children)
            notBefore = now
        }
        return true
    }

    /// A listing that was asked for has come.
    public mutating func sighted(_ sighting: ShardSighting, now: MonotonicTime, using generator: inout some RandomNumberGenerator) {
        guard case .checking(var check) = state else { return }
        switch check.judge(sighting) {
        case .ended(let children): state = .ended(children)
        case .contradiction: state = .failed
        case .askAgain:
            state = .checking(check)
            let delay = backoff.delay(after: .transient(retryAfter: nil), using: &generator)
            pause(delay, now: now)
        }
    }

    /// The call that was asked for failed.
    public mutating func failed(
        _ failure: ReadFailure, now: MonotonicTime, pace: inout ReadPace, using generator: inout some RandomNumberGenerator
    ) {
        switch (failure, state) {
        case (.throttled, .reading): pace.throttled(now: now)
        case (.expiredIterator, .reading): state = .opening
        default: break
        }
        let delay = backoff.delay(after: failure, using: &generator)
        pause(delay, now: now)
    }

    private mutating func pause(_ delay: Duration?, now: MonotonicTime) {
        guard let delay else {
            state = .failed
            return
        }
        notBefore = now + delay
    }

    /// When the next call may go, as far as this reader has a say.
    private mutating func rest(after page: Page, using generator: inout some RandomNumberGenerator) -> MonotonicTime {
        // Behind the tip the shard's pace alone tells when.
        guard page.millisBehindLatest ?? 0 == 0 else { return fetchStartedAt }
        let interval = Duration.seconds(1 / settings.fetchRate)
        guard page.records == 0 else { return fetchStartedAt + interval }
        let pause = max(interval, settings.sleepTimeNoRecords)
        // All shards of an agent begin at once; from their first pause on they are spread over it.
        let part = hasRested ? 1 : Double.random(in: 0...1, using: &generator)
        hasRested = true
        return (fetchStartedAt + pause * part).nearest(multipleOf: pause / Self.momentsOfRest)
    }
}

extension MonotonicTime {
    fileprivate func nearest(multipleOf step: Duration) -> MonotonicTime {
        let step = max(step.wholeNanoseconds, 1)
        return MonotonicTime(nanoseconds: (nanoseconds + step / 2) / step * step)
    }
}
