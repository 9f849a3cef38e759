/// Why a call of a reader failed, by what follows from it.
public enum ReadFailure: Sendable, Hashable {
    /// The shard gives less than was asked: go slower. At least so long, where the service said.
    case throttled(retryAfter: Duration?)
    /// It passes: try again for as long as it takes.
    case transient(retryAfter: Duration?)
    /// It may pass, but nobody knows when: try again a few times, then tell.
    case persistent
    /// The iterator is too old or not accepted: another one behind the last record helps.
    case expiredIterator
    /// Another reader is subscribed to the shard as the same consumer.
    case inUse
    /// Trying again cannot help.
    case fatal
}

/// How long to wait after failures in a row, and when to give up: pure.
struct ReadBackoff: Sendable {
    /// Waits begin within 400 ms, so that a passing failure costs little beside the quota's 200 ms between two calls.
    private static let backoff = Backoff(base: .milliseconds(400), cap: .seconds(10))
    /// About a minute of trying.
    private static let mostPersistent = 10
    /// So many iterators may be refused in a row, each replaced by a new one: a server that takes none at all is an error.
    private static let mostExpiries = 10

    /// Failures since the last success.
    private(set) var failures = 0
    private var persistent = 0
    private var expiries = 0

    mutating func succeeded() {
        self = ReadBackoff()
    }

    /// Nil when trying again cannot help.
    mutating func delay(after failure: ReadFailure, using generator: inout some RandomNumberGenerator) -> Duration? {
        switch failure {
        case .throttled(let asked), .transient(let asked):
            return max(asked ?? .zero, next(using: &generator))
        case .persistent:
            persistent += 1
            return persistent > Self.mostPersistent ? nil : next(using: &generator)
        case .expiredIterator:
            expiries += 1
            if expiries > Self.mostExpiries { return nil }
            // An iterator that has just been made should not be too old: another one at once is unlikely to do better.
            return expiries == 1 ? .zero : next(using: &generator)
        case .inUse:
            return ShardReadQuota.subscriptionExclusive + ShardReadQuota.subscriptionExclusive * Double.random(in: 0...1, using: &generator)
        case .fatal:
            return nil
        }
    }

    private mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        failures += 1
        return Self.backoff.delay(afterFailures: failures, using: &generator)
    }
}
