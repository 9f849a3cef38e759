import Records
import Testing

@testable import Coordination

@Suite("Polling a shard")
struct ShardPollTests {
    /// A poll with a clock, a pace and a generator of its own.
    private final class Driver {
        var poll: ShardPoll
        var pace = ReadPace(now: .zero)
        var now = MonotonicTime.zero
        var generator = SplitMix64(seed: 1)
        var room = ShardPoll.Room(pagesInHand: 0, isLeft: true, shards: 1, records: 10_000)

        init(
            from position: Position = .trimHorizon, sleep: Duration = .seconds(2), rate: Double = 1, recordLimit: Int = 10_000
        ) {
            poll = ShardPoll(
                .init(recordLimit: recordLimit, sleepTimeNoRecords: sleep, fetchRate: rate), from: position, now: .zero)
        }

        func next() -> ShardPoll.Step { poll.next(now: now, room: room, pace: &pace) }

        /// Opens and begins to fetch.
        func fetch() {
            if case .open = act() { poll.opened("i0", now: now) }
            guard case .fetch = act() else {
                Issue.record("no fetch")
                return
            }
        }

        /// The next step that is no wait; time passes meanwhile.
        func act() -> ShardPoll.Step {
            while true {
                let step = next()
                guard case .wait(let time) = step else { return step }
                now = time
            }
        }

        @discardableResult
        func receive(
            records: Int = 0, bytes: Int? = nil, last: UInt64? = nil, next: String? = "i", behind: Int64? = 0, children: [Shard] = []
        ) -> Bool {
            poll.received(
                .init(
                    records: records, bytes: bytes ?? records * 100, lastSequence: last.map { SequenceNumber($0) }, nextIterator: next,
                    millisBehindLatest: behind, children: children),
                now: now, pace: &pace, using: &generator)
        }

        func fail(_ failure: ReadFailure) { poll.failed(failure, now: now, pace: &pace, using: &generator) }

        /// How long until the next call.
        func delay() -> Duration {
            let start = now
            var step = act()
            // It has taken so long that the iterator grew old.
            if case .open = step {
                poll.opened("i0", now: now)
                step = act()
            }
            guard case .fetch = step else {
                Issue.record("\(step) is no fetch")
                return .zero
            }
            return now - start
        }
    }

    private static func shard(_ id: String, parents: [String] = [], isClosed: Bool = false) -> Shard {
        Shard(
            id: id, parent: parents.first, adjacentParent: parents.dropFirst().first, hashRange: .all, startingSequence: SequenceNumber(0),
            endingSequence: isClosed ? SequenceNumber(9) : nil)
    }

    @Test("an idle shard is asked every `sleep_time_no_records`, the first time at random within it")
    func idle() {
        let driver = Driver()
        driver.fetch()
        driver.receive()
        #expect(driver.delay() <= .seconds(2))
        for _ in 0..<5 {
            driver.receive()
            #expect(driver.delay() == .seconds(2))
        }
    }

    @Test("idle shards are asked together, at few moments of their pause, also when a timer was late")
    func moments() {
        for seed in 0..<20 as Range<UInt64> {
            let driver = Driver()
            driver.generator = SplitMix64(seed: seed)
            driver.fetch()
            driver.receive()
            // The first moment may come before the shard's quota has one: then the quota says when.
            _ = driver.delay()
            driver.receive()
            for _ in 0..<4 {
                _ = driver.delay()
                #expect(driver.now.nanoseconds % 500_000_000 == 0)
                driver.receive()
            }
            // A call that was late does not make the next ones late.
            driver.now = driver.now + .seconds(2) + .milliseconds(7)
            _ = driver.delay()
            driver.receive()
            #expect(driver.delay() == .milliseconds(1_993))
        }
    }

    @Test("at the tip records come at `shard_fetch_rate`, behind it at the quota")
    func rates() {
        let driver = Driver()
        driver.fetch()
        driver.receive(records: 5, last: 5)
        #expect(driver.delay() == .seconds(1))
        driver.receive(records: 5, last: 10, behind: 4_000)
        #expect(driver.delay() == .milliseconds(200))
        driver.receive(records: 5, last: 15, behind: 3_000)
        #expect(driver.delay() == .milliseconds(200))
        driver.receive(behind: 3_000)
        #expect(driver.delay() == .milliseconds(200), "an empty page behind the tip is followed by the next at once")
    }

    @Test("a fetch rate of 5 and a short sleep poll an idle shard five times a second")
    func fastest() {
        let driver = Driver(sleep: .milliseconds(200), rate: 5)
        driver.fetch()
        driver.receive()
        _ = driver.delay()
        driver.receive()
        #expect(driver.delay() == .milliseconds(200))
    }

    @Test("two readers of a shard share its quota")
    func shared() {
        let (one, two) = (Driver(), Driver())
        one.fetch()
        two.pace = one.pace
        two.fetch()
        #expect(two.now - .zero == .milliseconds(200))
    }

    @Test("the next page is fetched while one is delivered, a third one is not")
    func readAhead() {
        let driver = Driver()
        driver.fetch()
        driver.receive(records: 1, last: 1, behind: 1)
        driver.room.pagesInHand = 1
        #expect(driver.delay() == .milliseconds(200))
        driver.receive(records: 1, last: 2, behind: 1)
        driver.room.pagesInHand = 2
        #expect(driver.next() == .waitForDelivery)
        driver.room = .init(pagesInHand: 0, isLeft: false, shards: 1, records: 10_000)
        #expect(driver.next() == .waitForRoom)
    }

    @Test("an iterator that grew old during backpressure is replaced by one behind the last record read")
    func oldIterator() {
        let driver = Driver()
        driver.fetch()
        driver.receive(records: 3, last: 42, behind: 1)
        driver.room.pagesInHand = 2
        #expect(driver.next() == .waitForDelivery)
        driver.now = driver.now + .seconds(280)
        driver.room.pagesInHand = 0
        #expect(driver.next() == .open(.sequence(SequenceNumber(42), subSequence: nil)))
    }

    @Test("an iterator that is refused before a record came begins where the shard was to begin, never at its tip")
    func refusedIterator() {
        let driver = Driver(from: .timestamp(1_000))
        driver.fetch()
        driver.fail(.expiredIterator)
        #expect(driver.next() == .open(.timestamp(1_000)))
    }

    @Test("a server that accepts no iterator at all is an error after some attempts")
    func refusedForEver() {
        let driver = Driver()
        var refusals = 0
        while refusals < 100 {
            let step = driver.act()
            if step == .fail { break }
            switch step {
            case .open: driver.poll.opened("i", now: driver.now)
            case .fetch:
                refusals += 1
                driver.fail(.expiredIterator)
            default: Issue.record("\(step)")
            }
        }
        #expect(refusals == 11)
    }

    @Test("a failed request for an iterator is repeated: the shard is never held without one")
    func failedOpening() {
        let driver = Driver()
        for _ in 0..<50 {
            guard case .open = driver.act() else {
                Issue.record("no further attempt")
                return
            }
            driver.fail(.throttled(retryAfter: nil))
        }
        #expect(driver.act() == .open(.trimHorizon))
    }

    @Test("throttles slow the shard down and are repeated for ever; what may pass ends after a minute; the rest at once")
    func classes() {
        let driver = Driver()
        driver.fetch()
        for _ in 0..<200 {
            driver.fail(.throttled(retryAfter: nil))
            _ = driver.delay()
        }
        #expect(driver.pace.factor < 1)
        driver.fail(.transient(retryAfter: .seconds(7)))
        #expect(driver.delay() >= .seconds(7))
        driver.receive()

        let start = driver.now
        var attempts = 0
        while driver.act() != .fail {
            attempts += 1
            driver.fail(.persistent)
        }
        #expect(attempts == 11)
        #expect(driver.now - start < .seconds(150))
        #expect(driver.next() == .fail, "a failed reader stays so")

        let other = Driver()
        other.fetch()
        other.fail(.fatal)
        #expect(other.next() == .fail)
    }

    @Test("the last page of a closed shard ends it with its children")
    func end() {
        let driver = Driver()
        driver.fetch()
        let children = [Self.shard("b", parents: ["a"]), Self.shard("c", parents: ["a"])]
        #expect(driver.receive(records: 2, last: 9, next: nil, children: children))
        #expect(driver.next() == .end(children: children))
    }

    @Test("without children in the last page a listing tells, once it is new enough")
    func listed() {
        let driver = Driver()
        driver.fetch()
        #expect(driver.receive(records: 1, last: 3, next: nil))
        let child = Self.shard("b", parents: ["a"])
        for _ in 0..<3 {
            #expect(driver.act() == .listShards)
            driver.poll.sighted(ShardSighting(of: "a", in: [Self.shard("a")]), now: driver.now, using: &driver.generator)
        }
        #expect(driver.act() == .listShards)
        driver.poll.sighted(
            ShardSighting(of: "a", in: [Self.shard("a", isClosed: true), child]), now: driver.now, using: &driver.generator)
        #expect(driver.next() == .end(children: [child]))
    }

    @Test("a shard that is trimmed meanwhile ends without children; one that stays open is an error in the end")
    func listedOtherwise() {
        let gone = Driver()
        gone.fetch()
        gone.receive(next: nil)
        gone.poll.sighted(ShardSighting(of: "a", in: []), now: gone.now, using: &gone.generator)
        #expect(gone.next() == .end(children: []))

        let open = Driver()
        open.fetch()
        open.receive(next: nil)
        var listings = 0
        while open.act() == .listShards, listings < 100 {
            listings += 1
            open.poll.sighted(ShardSighting(of: "a", in: [Self.shard("a")]), now: open.now, using: &open.generator)
        }
        #expect(listings == 10)
        #expect(open.next() == .fail)
    }

    @Test(
        "a reply that contradicts itself is not delivered, and asked for again with the same iterator",
        arguments: [
            (next: "i1" as String?, children: [shard("b", parents: ["a"])]), (next: nil, children: [shard("b")]),
            (next: nil, children: [shard("b", parents: ["a"]), shard("c")]),
        ])
    func contradictions(next: String?, children: [Shard]) {
        let driver = Driver()
        driver.fetch()
        #expect(!driver.receive(records: 1, last: 1, next: next, children: children))
        guard case .fetch("i0", _, _) = driver.act() else {
            Issue.record("not asked again")
            return
        }
        #expect(driver.poll.cursor == .trimHorizon)
        for _ in 0..<9 { driver.receive(records: 1, last: 1, next: next, children: children) }
        #expect(driver.next() == .fail)
    }

    @Test("pages are asked for by their size, and never beyond `record_limit`")
    func limits() {
        let driver = Driver(recordLimit: 1_000)
        driver.fetch()
        driver.receive(records: 10, bytes: 10 << 20, last: 1, behind: 1)
        guard case .fetch(_, 4, _) = driver.act() else {
            Issue.record("records of 1 MiB are fetched four at a time")
            return
        }
        for index in 0..<30 {
            driver.receive(records: 100, bytes: 1_000, last: UInt64(index), behind: 1)
            _ = driver.act()
        }
        driver.receive(records: 100, bytes: 1_000, last: 99, behind: 1)
        guard case .fetch(_, 1_000, _) = driver.act() else {
            Issue.record("small records are fetched up to the limit")
            return
        }
    }
}
