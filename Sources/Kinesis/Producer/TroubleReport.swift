import Coordination
import Records

/// Decides when a producer's troubles are worth a line in the log: at once for errors, after a while for throttling, then now and then.
struct TroubleReport: Sendable {
    struct Line: Sendable, Equatable {
        var throttledRecords: Int
        var failedRecords: Int
        var failedRequests: Int
        var seconds: Double
    }

    static let interval = Duration.seconds(10)

    private var since: MonotonicTime?
    private var reported = Line(throttledRecords: 0, failedRecords: 0, failedRequests: 0, seconds: 0)

    /// The line to write now, if any, with what has happened since the last one.
    mutating func line(for statistics: ProducerStatistics, now: MonotonicTime) -> Line? {
        let start = since ?? now
        let new = Line(
            throttledRecords: statistics.throttledRecords - reported.throttledRecords,
            failedRecords: statistics.failedRecords - reported.failedRecords,
            failedRequests: statistics.failedRequests - reported.failedRequests,
            seconds: (now - start).seconds)
        guard new.throttledRecords + new.failedRecords + new.failedRequests > 0 else { return nil }
        let isFirstError = since == nil && new.failedRecords + new.failedRequests > 0
        since = start
        guard isFirstError || now - start >= Self.interval else { return nil }
        since = now
        reported.throttledRecords = statistics.throttledRecords
        reported.failedRecords = statistics.failedRecords
        reported.failedRequests = statistics.failedRequests
        return new
    }
}
