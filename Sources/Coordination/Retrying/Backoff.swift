/// How long to wait before another attempt: exponential with full jitter.
///
/// Full jitter spreads many clients evenly (AWS Architecture Blog: "Exponential Backoff And Jitter").
public struct Backoff: Sendable, Hashable {
    /// The longest delay after the first failure.
    public var base: Duration
    /// The longest delay after any number of failures.
    public var cap: Duration

    /// Delays between zero and `base`, doubling with every failure up to `cap`.
    public init(base: Duration, cap: Duration) {
        self.base = base
        self.cap = cap
    }

    /// The longest delay after so many failures in a row, the first being 1.
    public func ceiling(afterFailures failures: Int) -> Duration {
        var ceiling = base
        var left = failures - 1
        while left > 0, ceiling < cap {
            ceiling = ceiling * 2
            left -= 1
        }
        return min(ceiling, cap)
    }

    /// A delay after so many failures in a row, the first being 1.
    public func delay(afterFailures failures: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        ceiling(afterFailures: failures) * Double.random(in: 0...1, using: &generator)
    }
}
