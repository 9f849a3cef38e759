import Records
import Testing

@testable import Coordination

@Suite struct TokenBucketTests {
    @Test("A full bucket gives its capacity at once and then the rate")
    func capacityThenRate() {
        var bucket = TokenBucket(capacity: 10, perSecond: 5, now: .zero)
        bucket.take(10)
        #expect(!bucket.allows(1))
        bucket.refill(now: .zero + .seconds(1))
        #expect(bucket.allows(5))
        #expect(!bucket.allows(6))
    }

    @Test("An empty bucket starts with nothing and never holds more than its capacity")
    func startsEmpty() {
        var bucket = TokenBucket(capacity: 10, perSecond: 5, full: false, now: .zero)
        #expect(!bucket.allows(1))
        bucket.refill(now: .zero + .seconds(60))
        #expect(bucket.tokens == 10)
    }

    @Test("A take larger than the capacity waits for a full bucket and is paid off at the rate")
    func debt() {
        var bucket = TokenBucket(capacity: 10, perSecond: 5, now: .zero)
        bucket.take(1)
        #expect(!bucket.allows(100))
        bucket.refill(now: .zero + .milliseconds(200))
        #expect(bucket.allows(100))
        bucket.take(100)
        #expect(bucket.delay(until: 1) == .milliseconds(18_200))
    }

    @Test("After the delay that was named for a take, the take is allowed", arguments: [0.1, 1, 3, 7, 1_000, 1_048_576])
    func delayIsEnough(rate: Double) {
        var bucket = TokenBucket(capacity: rate, perSecond: rate, now: .zero)
        var now = MonotonicTime.zero
        for step in 1...200 {
            let count = rate * Double(step % 17 + 1) / 18
            bucket.refill(now: now)
            now = now + bucket.delay(until: count)
            bucket.refill(now: now)
            #expect(bucket.allows(count))
            bucket.take(count)
        }
    }

    @Test("A clock that seems to go back adds nothing and takes nothing")
    func timeGoesBack() {
        var bucket = TokenBucket(capacity: 10, perSecond: 5, full: false, now: .zero + .seconds(5))
        bucket.refill(now: .zero)
        #expect(bucket.tokens == 0)
        bucket.refill(now: .zero + .seconds(6))
        #expect(bucket.tokens == 5)
    }
}
