import Synchronization

/// How far the service's clock is ahead of this machine's, in seconds: signatures are refused beyond about five minutes.
final class ClockOffset: Sendable {
    private let offset = Atomic<Int64>(0)

    var seconds: Int64 { offset.load(ordering: .relaxed) }

    func set(_ seconds: Int64) {
        offset.store(seconds, ordering: .relaxed)
    }

    /// By how many seconds a reply's `Date` header is ahead of the time that its request was signed at; nil where there is no such header.
    static func measured(dateHeader: String?, signedAt: Int64) -> Int64? {
        dateHeader.flatMap { CalendarTime(httpDate: $0) }.map { $0.secondsSince1970 - signedAt }
    }
}
