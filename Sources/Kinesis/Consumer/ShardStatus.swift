import Leasing
import Synchronization

/// What a reader says of itself to its consumer.
final class ShardStatus: Sendable {
    private let atTip = Atomic<Bool>(false)
    /// Open: it reads no more. Its last acknowledgements may be to come.
    let hasRead = Latch()
    private let hasOpened = Atomic<Bool>(false)
    private let onOpened: @Sendable () -> Void

    /// - Parameter onOpened: called once, see `opened()`.
    init(onOpened: @escaping @Sendable () -> Void) {
        self.onOpened = onOpened
    }

    /// The reader has its first iterator: from here on nothing that arrives can be missed.
    func opened() {
        if !hasOpened.exchange(true, ordering: .relaxed) { onOpened() }
    }

    var isAtTip: Bool {
        get { atTip.load(ordering: .relaxed) }
        set { atTip.store(newValue, ordering: .relaxed) }
    }
}
