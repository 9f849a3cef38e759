import Synchronization

/// The acknowledgements that one batch still waits for: one per record and sink, and one of whoever hands the batch out.
public final class Delivery: Sendable {
    private let remaining = Atomic<Int>(1)
    private let onComplete: @Sendable () -> Void

    /// - Parameter onComplete: called once, when every sink has every record durably.
    public init(onComplete: @escaping @Sendable () -> Void) {
        self.onComplete = onComplete
    }

    /// Further acknowledgements to wait for; only while at least one is outstanding.
    public func expect(_ count: Int) {
        remaining.add(count, ordering: .relaxed)
    }

    /// So many of them are durable now.
    public func acknowledge(_ count: Int = 1) {
        let (_, left) = remaining.subtract(count, ordering: .acquiringAndReleasing)
        precondition(left >= 0, "A record was acknowledged twice.")
        if left == 0 { onComplete() }
    }
}
