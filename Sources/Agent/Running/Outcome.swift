import Leasing
import Synchronization

/// How a pipeline ends: the first failure is what it is remembered by, and drains it.
final class Outcome: Sendable {
    private let draining: Latch
    private let first = Mutex<(any Error)?>(nil)

    init(draining: Latch) {
        self.draining = draining
    }

    var failure: (any Error)? { first.withLock { $0 } }

    /// Cancellation is no failure: it follows from one, or from a signal.
    func fail(_ error: any Error) {
        if Task.isCancelled || error is CancellationError { return }
        first.withLock { $0 = $0 ?? error }
        draining.open()
    }
}
