import Synchronization

/// An event that happens once and for good; any number of tasks may wait for it.
public final class Latch: Sendable {
    private struct State {
        var isOpen = false
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// A closed latch.
    public init() {}

    /// True from the first `open()` on.
    public var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Lets everybody pass, now and later.
    public func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns once the latch is open, or as soon as the task is cancelled.
    public func wait() async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let passes = state.withLock { state in
                    if state.isOpen || Task.isCancelled { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if passes { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }

    /// Waits for the latch at most this long. True when it is open.
    @discardableResult
    public func wait(atMost duration: Duration) async -> Bool {
        if isOpen { return true }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await Task.sleep(for: duration) }
            await group.next()
            group.cancelAll()
        }
        return isOpen
    }

    /// Returns once any of the latches is open, or as soon as the task is cancelled.
    public static func waitForAny(of latches: Latch...) async {
        await withTaskGroup(of: Void.self) { group in
            for latch in latches { group.addTask { await latch.wait() } }
            await group.next()
            group.cancelAll()
        }
    }
}
