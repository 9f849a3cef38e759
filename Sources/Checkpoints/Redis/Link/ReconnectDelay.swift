/// How long to wait before the next attempt to connect: twice as long after each failure, up to a limit, and half of it at random,
/// so that the workers of a fleet do not all come back in the same moment.
struct ReconnectDelay: Sendable, Hashable {
    var first: Duration = .milliseconds(50)
    var longest: Duration = .seconds(5)

    /// `failures` counts those in a row, from 1; `chance` is from 0 up to 1.
    func delay(afterFailures failures: Int, chance: Double) -> Duration {
        // 2^20 × any `first` worth naming is beyond any `longest`.
        let full = min(longest, first * (1 << min(max(failures - 1, 0), 20)))
        return full / 2 + full / 2 * chance
    }
}
