/// When and how often a failed call is repeated: a pure decision, full jitter.
///
/// Waits are random between nothing and a bound that doubles with every attempt: from `transientBase` after failures of the service or
/// the network, from `throttleBase` after throttling, up to `longestDelay` (values of the AWS SDKs' standard retry mode).
public struct RetryPolicy: Sendable, Hashable {
    /// Attempts in all, the first included; at least 1.
    public var maxAttempts: Int
    /// The bound of the first wait after a failure that throttling did not cause.
    public var transientBase: Duration
    /// The bound of the first wait after throttling.
    public var throttleBase: Duration
    /// The bound that doubling ends at.
    public var longestDelay: Duration

    /// See the properties.
    public init(
        maxAttempts: Int = 5, transientBase: Duration = .milliseconds(50), throttleBase: Duration = .seconds(1),
        longestDelay: Duration = .seconds(20)
    ) {
        self.maxAttempts = maxAttempts
        self.transientBase = transientBase
        self.throttleBase = throttleBase
        self.longestDelay = longestDelay
    }

    /// One attempt: the caller decides about every failure itself.
    public static let never = RetryPolicy(maxAttempts: 1)

    /// How long to wait after the attempt with this number (the first is 1) failed; nil to give up.
    ///
    /// - Parameter random: At least 0 and less than 1.
    public func delay(afterAttempt attempt: Int, error: KinesisError, random: Double) -> Duration? {
        guard error.isRetryable, attempt < maxAttempts else { return nil }
        let base = error.kind == .throttled ? throttleBase : transientBase
        let bound = min(base * (1 << min(attempt - 1, 16)), longestDelay)
        let delay = bound * random
        guard let asked = error.retryAfter else { return delay }
        // The service's wish counts, within five seconds of ours: a broken header must not stop the agent for hours.
        return min(max(delay, asked), delay + .seconds(5))
    }
}
