import Records
import Synchronization

/// Wakes the one task that waits for something to do; a wake-up that comes while nobody waits is kept.
final class Wakeup: Sendable {
    private enum State {
        case idle
        case fired
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.idle)

    func fire() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard case .waiting(let continuation) = state else {
                state = .fired
                return nil
            }
            state = .idle
            return continuation
        }
        waiter?.resume()
    }

    /// Returns once fired, or at `time`. Throws `CancellationError` when the task is cancelled.
    func wait(until time: MonotonicTime?) async throws {
        await withTaskCancellationHandler {
            guard let time else { return await suspend() }
            let left = time - .now()
            guard left > .zero else { return }
            await withDiscardingTaskGroup { group in
                group.addTask {
                    // Cut short when the wait ends early: then nobody is to be woken.
                    guard (try? await Task.sleep(for: left)) != nil else { return }
                    self.fire()
                }
                await suspend()
                group.cancelAll()
            }
        } onCancel: {
            fire()
        }
        try Task.checkCancellation()
    }

    private func suspend() async {
        await withCheckedContinuation { continuation in
            let hasFired = state.withLock { state -> Bool in
                if case .fired = state {
                    state = .idle
                    return true
                }
                state = .waiting(continuation)
                return false
            }
            if hasFired { continuation.resume() }
        }
    }
}
