/// What to do after an attempt of a call failed, beyond waiting: a pure decision.
///
/// Expired credentials are replaced once a call, and a clock that is off is corrected once a call; neither counts as an attempt.
struct CallRecovery {
    enum Decision: Hashable {
        case refreshCredentials
        /// The service's clock is so many seconds ahead of the one that signed.
        case correctClock(by: Int64)
        case wait(Duration)
        case giveUp
    }

    let policy: RetryPolicy
    private var attempt = 0
    private var hasRefreshed = false
    private var hasCorrectedClock = false

    /// Offsets below this are not what a signature was refused for: AWS allows five minutes.
    private static let tolerableOffset: Int64 = 240

    init(policy: RetryPolicy) {
        self.policy = policy
    }

    /// - Parameters:
    ///   - measuredOffset: By how many seconds the service's clock was ahead of the one that signed.
    ///   - random: At least 0 and less than 1.
    mutating func decide(after error: KinesisError, measuredOffset: Int64?, random: Double) -> Decision {
        switch error.kind {
        case .expiredCredentials where !hasRefreshed:
            hasRefreshed = true
            return .refreshCredentials
        case .invalidSignature:
            guard !hasCorrectedClock, let offset = measuredOffset, offset.magnitude >= Self.tolerableOffset else { return .giveUp }
            hasCorrectedClock = true
            return .correctClock(by: offset)
        default:
            attempt += 1
            return policy.delay(afterAttempt: attempt, error: error, random: random).map { .wait($0) } ?? .giveUp
        }
    }
}
