import Leasing
import Synchronization

/// What a reader says of itself to its consumer.
final class ShardStatus: Sendable {
    private let atTip = Atomic<Bool>(false)
    /// Open: it reads no more. Its last acknowledgements may be to come.
    let hasRead = Latch()

    var isAtTip: Bool {
        get { atTip.load(ordering: .relaxed) }
        set { atTip.store(newValue, ordering: .relaxed) }
    }
}
