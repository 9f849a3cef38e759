import Testing

@testable import Kinesis

@Suite("Retry policy")
struct RetryPolicyTests {
    private let policy = RetryPolicy(
        maxAttempts: 4, transientBase: .milliseconds(50), throttleBase: .seconds(1), longestDelay: .seconds(3))

    private func error(_ kind: KinesisError.Kind, retryAfter: Duration? = nil) -> KinesisError {
        KinesisError(kind, code: "C", message: "m", operation: "PutRecords", retryAfter: retryAfter)
    }

    @Test(
        "the bound doubles from its base, up to the longest delay",
        arguments: [
            (1, KinesisError.Kind.transient, Duration.milliseconds(25)), (2, .transient, .milliseconds(50)),
            (3, .connection, .milliseconds(100)),
            (1, .timeout, .milliseconds(25)), (1, .throttled, .milliseconds(500)), (2, .throttled, .seconds(1)),
            (3, .throttled, .milliseconds(1500)),
        ])
    func bounds(attempt: Int, kind: KinesisError.Kind, delay: Duration) {
        #expect(policy.delay(afterAttempt: attempt, error: error(kind), random: 0.5) == delay)
        #expect(policy.delay(afterAttempt: attempt, error: error(kind), random: 0) == .zero)
    }

    @Test("the last attempt and errors that repeating cannot cure are given up")
    func givesUp() {
        #expect(policy.delay(afterAttempt: 4, error: error(.transient), random: 0.5) == nil)
        #expect(RetryPolicy.never.delay(afterAttempt: 1, error: error(.throttled), random: 0.5) == nil)
        let curable: Set<KinesisError.Kind> = [.throttled, .transient, .connection, .timeout]
        for kind in KinesisError.Kind.allCases {
            #expect((policy.delay(afterAttempt: 1, error: error(kind), random: 0.5) != nil) == curable.contains(kind), "\(kind)")
        }
    }

    @Test("any number of attempts leaves the bound at the longest delay")
    func manyAttempts() {
        let patient = RetryPolicy(maxAttempts: .max, longestDelay: .seconds(20))
        #expect(patient.delay(afterAttempt: 1_000_000, error: error(.transient), random: 0.5) == .seconds(10))
    }

    @Test("the service's own wish counts, and only within five seconds of ours")
    func retryAfter() {
        #expect(policy.delay(afterAttempt: 1, error: error(.throttled, retryAfter: .seconds(2)), random: 0.5) == .seconds(2))
        #expect(policy.delay(afterAttempt: 1, error: error(.throttled, retryAfter: .milliseconds(1)), random: 0.5) == .milliseconds(500))
        #expect(policy.delay(afterAttempt: 1, error: error(.throttled, retryAfter: .seconds(3600)), random: 0.5) == .milliseconds(5500))
    }

    @Test("expired credentials are replaced once, then the error stands")
    func credentials() {
        var recovery = CallRecovery(policy: policy)
        #expect(recovery.decide(after: error(.expiredCredentials), measuredOffset: nil, random: 0) == .refreshCredentials)
        #expect(recovery.decide(after: error(.expiredCredentials), measuredOffset: nil, random: 0) == .giveUp)
    }

    @Test("a clock that is off is corrected once; a wrong key is not blamed on it")
    func clock() {
        var recovery = CallRecovery(policy: policy)
        #expect(recovery.decide(after: error(.invalidSignature), measuredOffset: -7200, random: 0) == .correctClock(by: -7200))
        #expect(recovery.decide(after: error(.invalidSignature), measuredOffset: -7200, random: 0) == .giveUp)
        for offset in [nil, 0, 30, -30] as [Int64?] {
            var other = CallRecovery(policy: policy)
            #expect(other.decide(after: error(.invalidSignature), measuredOffset: offset, random: 0) == .giveUp)
        }
    }

    @Test("recoveries are not counted as attempts")
    func attempts() {
        var recovery = CallRecovery(policy: RetryPolicy(maxAttempts: 2, transientBase: .seconds(1)))
        #expect(recovery.decide(after: error(.expiredCredentials), measuredOffset: nil, random: 0.5) == .refreshCredentials)
        #expect(recovery.decide(after: error(.transient), measuredOffset: nil, random: 0.5) == .wait(.milliseconds(500)))
        #expect(recovery.decide(after: error(.transient), measuredOffset: nil, random: 0.5) == .giveUp)
    }
}
