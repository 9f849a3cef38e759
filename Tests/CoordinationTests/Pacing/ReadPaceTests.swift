import Records
import Testing

@testable import Coordination

@Suite struct ReadPaceTests {
    @Test("Calls keep to the fetch rate, and to AWS's five a second above it", arguments: [(1.0, 1_000), (2.0, 500), (5.0, 200), (50.0, 200)])
    func fetchRate(rate: Double, milliseconds: Int) {
        var pace = ReadPace(callsPerSecond: rate, now: .zero)
        #expect(pace.call(now: .zero) == nil)
        #expect(pace.call(now: .zero) == .milliseconds(milliseconds))
        #expect(pace.call(now: .zero + .milliseconds(milliseconds)) == nil)
    }

    @Test("A reply of 10 MiB is paid off at 2 MiB a second before the next call")
    func largeReply() throws {
        var pace = ReadPace(callsPerSecond: 5, now: .zero)
        #expect(pace.call(now: .zero) == nil)
        pace.received(bytes: 10 << 20, now: .zero)
        let wait = try #require(pace.call(now: .zero))
        #expect(wait > .seconds(4) && wait < .milliseconds(4_001))
        #expect(pace.call(now: .zero + wait) == nil)
    }

    @Test("A refused call slows the next ones down")
    func throttled() throws {
        var pace = ReadPace(callsPerSecond: 1, now: .zero)
        #expect(pace.call(now: .zero) == nil)
        pace.throttled(now: .zero)
        let wait = try #require(pace.call(now: .zero))
        #expect(wait > .milliseconds(1_400))
    }
}
