public import Leasing
import Synchronization

/// The acknowledgements that one batch still waits for: one per record and sink, and one of whoever hands the batch out.
public final class Delivery: Sendable {
    private let remaining = Atomic<Int>(1)
    private let progress: ShardProgress?
    private let onComplete: @Sendable () -> Void

    /// - Parameters:
    ///   - progress: of the shard (or file) that the batch was read from.
    ///   - onComplete: called once, when every sink has every record durably.
    public init(of progress: ShardProgress? = nil, onComplete: @escaping @Sendable () -> Void) {
        self.progress = progress
        self.onComplete = onComplete
    }

    /// Tells batches of one shard (or file) from those of others; nil where they are of none.
    var origin: ObjectIdentifier? { progress.map(ObjectIdentifier.init) }

    /// True, for good, once the lease under which the batch was read can be another's: a sink that has yet to write its records
    /// acknowledges them instead, since nothing of that will be stored. Cheap; to be asked right before each write, retries included.
    public var isAbandoned: Bool { progress?.isAbandoned ?? false }

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
