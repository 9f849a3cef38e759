import Synchronization

/// What a reader says of itself for the consumer's idle state.
final class ShardStatus: Sendable {
    private let atTip = Atomic<Bool>(false)

    var isAtTip: Bool {
        get { atTip.load(ordering: .relaxed) }
        set { atTip.store(newValue, ordering: .relaxed) }
    }
}
