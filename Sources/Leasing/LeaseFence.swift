import Records
import Synchronization

/// Whether a lease may still be acted on, cheap enough to be asked before every write.
///
/// It closes by the clock as well as by hand, and for good: who was told that it is closed may have dropped records that nobody must take
/// for delivered afterwards.
final class LeaseFence: Sendable {
    /// Nanoseconds of a `MonotonicTime` until which the lease may be acted on; `closed` once it may not.
    private let deadline: Atomic<Int64>
    private static let closed = Int64.min

    init(until deadline: MonotonicTime) {
        self.deadline = Atomic(deadline.nanoseconds)
    }

    /// True before the deadline, where nobody has closed it.
    func isOpen(at now: MonotonicTime) -> Bool {
        var seen = deadline.load(ordering: .acquiring)
        while seen != Self.closed {
            if now.nanoseconds < seen { return true }
            // Whoever prolongs it in this moment has come in time.
            let (isClosed, current) = deadline.compareExchange(expected: seen, desired: Self.closed, ordering: .acquiringAndReleasing)
            if isClosed { return false }
            seen = current
        }
        return false
    }

    /// Somebody was told so: for good.
    var isClosed: Bool { deadline.load(ordering: .acquiring) == Self.closed }

    /// False when it is closed, and stays so.
    func prolong(until deadline: MonotonicTime) -> Bool {
        var seen = self.deadline.load(ordering: .acquiring)
        while seen != Self.closed {
            let later = max(seen, deadline.nanoseconds)
            let (isSet, current) = self.deadline.compareExchange(expected: seen, desired: later, ordering: .acquiringAndReleasing)
            if isSet { return true }
            seen = current
        }
        return false
    }

    func close() {
        deadline.store(Self.closed, ordering: .releasing)
    }
}
