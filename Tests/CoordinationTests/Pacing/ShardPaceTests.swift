import Records
import Testing

@testable import Coordination

@Suite struct ShardPaceTests {
    /// Records of `size` bytes that a pace lets through from `start`, asked every millisecond.
    private func count(_ pace: inout ShardPace, size: Int, from start: MonotonicTime, for duration: Duration) -> Int {
        var taken = 0
        for millisecond in 0..<duration.wholeMilliseconds {
            pace.advance(to: start + .milliseconds(millisecond))
            while pace.take(size: size) { taken += 1 }
        }
        return taken
    }

    @Test("Small records are limited by their number, large ones by their bytes", arguments: [(10, 1_000), (1_024, 1_000), (4_096, 250)])
    func bothLimits(size: Int, perSecond: Int) {
        var pace = ShardPace(.init(records: 1_000, bytes: 1_024_000, burst: .milliseconds(100)), now: .zero)
        let taken = count(&pace, size: size, from: .zero, for: .seconds(10))
        #expect(abs(taken - perSecond * 10) <= perSecond / 9)
    }

    private func take(_ pace: inout ShardPace, size: Int) -> Bool {
        pace.take(size: size)
    }

    @Test("A record of 10 MiB goes when the bucket is full, and the next one once it is paid for")
    func largeRecord() {
        var pace = ShardPace(.init(), now: .zero)
        #expect(take(&pace, size: 10 << 20))
        #expect(!take(&pace, size: 1))
        #expect(pace.delay(untilSize: 1) > .milliseconds(9_499))
        #expect(pace.delay(untilSize: 1) < .milliseconds(9_800))
        pace.advance(to: .zero + pace.delay(untilSize: 1))
        #expect(take(&pace, size: 1))
    }

    @Test("A throttle empties the buckets and takes 30 % off; 5 % a second come back up to the whole")
    func adapts() {
        var pace = ShardPace(.init(), now: .zero)
        pace.throttled(now: .zero)
        #expect(pace.factor == 0.7)
        #expect(!take(&pace, size: 1))
        pace.advance(to: .zero + .seconds(2))
        #expect(abs(pace.factor - 0.8) < 1e-9)
        pace.advance(to: .zero + .seconds(100))
        #expect(pace.factor == 1)
    }

    @Test("What comes back while the factor recovers is the area below its curve")
    func refillsByArea() {
        var stepwise = AdaptiveFactor(now: .zero)
        var atOnce = AdaptiveFactor(now: .zero)
        stepwise.decrease()
        atOnce.decrease()
        let sum = (1...10_000).reduce(0.0) { sum, step in sum + stepwise.advance(to: .zero + .milliseconds(step)) }
        let whole = atOnce.advance(to: .zero + .seconds(10))
        #expect(abs(sum - whole) < 1e-6)
        #expect(abs(sum - (6 * 0.85 + 4)) < 1e-6)
    }

    @Test("Unending throttles never stop a shard for good")
    func floor() {
        var pace = ShardPace(.init(), now: .zero)
        for _ in 0..<1_000 { pace.throttled(now: .zero) }
        #expect(pace.delay(untilSize: 1_000) < .seconds(1))
    }
}
