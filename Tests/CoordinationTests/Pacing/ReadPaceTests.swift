import Records
import Testing

@testable import Coordination

@Suite("Read pace")
struct ReadPaceTests {
    /// A pace that expressions can book calls of.
    private final class Booking {
        private var pace = ReadPace(now: .zero)

        var factor: Double { pace.factor }

        func book(now: MonotonicTime) -> Duration { pace.book(now: now) }
        func received(bytes: Int, now: MonotonicTime) { pace.received(bytes: bytes, now: now) }
        func throttled(now: MonotonicTime) { pace.throttled(now: now) }
    }

    private func time(_ milliseconds: Int64) -> MonotonicTime { .zero + .milliseconds(milliseconds) }

    @Test("calls are booked one after the other, five a second, whoever makes them")
    func turns() {
        let pace = Booking()
        let waits = (0..<6).map { _ in pace.book(now: .zero) }
        #expect(waits == [0, 200, 400, 600, 800, 1_000].map { .milliseconds($0) })
    }

    @Test("in no second do more than five calls go, however many readers book them")
    func quota() {
        var generator = SplitMix64(seed: 7)
        let pace = Booking()
        var calls: [MonotonicTime] = []
        var now = MonotonicTime.zero
        for _ in 0..<500 {
            now = now + .milliseconds(Int64.random(in: 0...400, using: &generator))
            calls.append(now + pace.book(now: now))
        }
        for (first, sixth) in zip(calls, calls.dropFirst(5)) { #expect(sixth - first >= .milliseconds(999)) }
    }

    @Test("after a reply of 10 MiB the shard is left alone for five seconds")
    func largeReply() {
        let pace = Booking()
        #expect(pace.book(now: .zero) == .zero)
        pace.received(bytes: 10 << 20, now: time(50))
        #expect(pace.book(now: time(100)) == .milliseconds(4_950))
        #expect(pace.book(now: time(5_050)) == .milliseconds(200))
    }

    @Test("a shard that gives 400 KiB a page is read at the full rate of calls")
    func fullRate() {
        let pace = Booking()
        #expect(pace.book(now: .zero) == .zero)
        pace.received(bytes: 400 << 10, now: .zero)
        #expect(pace.book(now: time(200)) == .zero)
    }

    @Test("a refused call slows the next ones down, and the pace comes back")
    func throttled() {
        let pace = Booking()
        #expect(pace.book(now: .zero) == .zero)
        pace.throttled(now: .zero)
        #expect(pace.book(now: .zero) > .milliseconds(280))
        #expect(pace.factor < 1)
        _ = pace.book(now: time(60_000))
        #expect(pace.factor == 1)
    }
}
