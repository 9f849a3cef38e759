import Records
import Testing

@testable import Coordination

@Suite struct ReadPaceTests {
    private func wait(_ pace: inout ReadPace, now: MonotonicTime) -> Duration? {
        pace.call(now: now)
    }

    @Test(
        "Calls keep to the fetch rate, and to AWS's five a second above it", arguments: [(1.0, 1_000), (2.0, 500), (5.0, 200), (50.0, 200)])
    func fetchRate(rate: Double, milliseconds: Int) {
        var pace = ReadPace(callsPerSecond: rate, now: .zero)
        #expect(wait(&pace, now: .zero) == nil)
        #expect(wait(&pace, now: .zero) == .milliseconds(milliseconds))
        #expect(wait(&pace, now: .zero + .milliseconds(milliseconds)) == nil)
    }

    @Test("A reply of 10 MiB is paid off at 2 MiB a second before the next call")
    func largeReply() throws {
        var pace = ReadPace(callsPerSecond: 5, now: .zero)
        #expect(wait(&pace, now: .zero) == nil)
        pace.received(bytes: 10 << 20, now: .zero)
        let delay = try #require(wait(&pace, now: .zero))
        #expect(delay > .seconds(4) && delay < .milliseconds(4_001))
        #expect(wait(&pace, now: .zero + delay) == nil)
    }

    @Test("A refused call slows the next ones down")
    func throttled() throws {
        var pace = ReadPace(callsPerSecond: 1, now: .zero)
        #expect(wait(&pace, now: .zero) == nil)
        pace.throttled(now: .zero)
        let delay = try #require(wait(&pace, now: .zero))
        #expect(delay > .milliseconds(1_400))
    }
}
