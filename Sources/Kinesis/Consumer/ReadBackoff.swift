import Coordination

/// When to try a failed read again: pure.
struct ReadBackoff {
    private var failures = 0
    private var expiries = 0

    private static let backoff = Backoff(base: .milliseconds(400), cap: .seconds(10))
    /// So many iterators may be refused in a row, each replaced by a new one: a server that takes none at all is an error.
    private static let mostExpiries = 10

    /// Nil when trying again cannot help.
    mutating func delay(after error: KinesisError, using generator: inout some RandomNumberGenerator) -> Duration? {
        if error.kind == .expiredIterator {
            expiries += 1
            if expiries > Self.mostExpiries { return nil }
            // An iterator that has just been made should not be too old: another one at once is unlikely to do better.
            return expiries == 1 ? .zero : Self.backoff.delay(afterFailures: expiries - 1, using: &generator)
        }
        guard error.isRetryable else { return nil }
        failures += 1
        return max(error.retryAfter ?? .zero, Self.backoff.delay(afterFailures: failures, using: &generator))
    }
}
