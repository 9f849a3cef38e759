import Synchronization

/// A call that takes many things at once: what comes while one is under way shares the next one.
final class SharedCall<Element: Sendable>: Sendable {
    private final class Entry: Sendable {
        let element: Element
        let isDone = Latch()
        private let failure = Mutex<(any Error)?>(nil)

        init(_ element: Element) {
            self.element = element
        }

        func end(_ error: (any Error)?) {
            failure.withLock { $0 = error }
            isDone.open()
        }

        func result() throws {
            if let error = failure.withLock({ $0 }) { throw error }
            if !isDone.isOpen { throw CancellationError() }
        }
    }

    private struct State {
        var waiting: [Entry] = []
        var isUnderWay = false
    }

    private let state = Mutex(State())

    /// Returns once a call has taken `element`; throws what that call threw. Each caller's `call` must do the same.
    func take(_ element: Element, _ call: ([Element]) async throws -> Void) async throws {
        let entry = Entry(element)
        let leads = state.withLock { state in
            state.waiting.append(entry)
            defer { state.isUnderWay = true }
            return !state.isUnderWay
        }
        if leads {
            while let entries = next() {
                var failure: (any Error)?
                do { try await call(entries.map(\.element)) } catch { failure = error }
                for entry in entries { entry.end(failure) }
            }
        }
        await entry.isDone.wait()
        try entry.result()
    }

    /// Elements that no call has taken yet.
    var waiting: Int { state.withLock { $0.waiting.count } }

    private func next() -> [Entry]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isUnderWay = false
                return nil
            }
            defer { state.waiting = [] }
            return state.waiting
        }
    }
}
