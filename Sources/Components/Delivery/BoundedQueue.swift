import Leasing
import Synchronization

/// A queue between many writers and one reader that makes writers wait while it is full.
final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var bytes = 0
        var isFinished = false
        var failure: (any Error)?
        /// Opened, and replaced, whenever the reader has taken everything.
        var room = Latch()
        /// Opened, and replaced, whenever there is something to take.
        var news = Latch()
    }

    private let limit: Int
    private let byteLimit: Int
    private let size: @Sendable (Element) -> Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - limit: elements; one batch may pass it by its own size, and `byteLimit` as well.
    ///   - size: the bytes that an element counts.
    init(limit: Int, byteLimit: Int, size: @escaping @Sendable (Element) -> Int) {
        self.limit = limit
        self.byteLimit = byteLimit
        self.size = size
    }

    /// Waits while the queue is full. Throws the reader's failure once there is one, or `CancellationError`.
    func put(_ batch: [Element]) async throws {
        guard !batch.isEmpty else { return }
        let bytes = batch.reduce(0) { $0 + size($1) }
        while true {
            try Task.checkCancellation()
            let room: Latch? = try state.withLock { state in
                if let failure = state.failure { throw failure }
                guard state.elements.count < limit, state.bytes < byteLimit else { return state.room }
                state.elements.append(contentsOf: batch)
                state.bytes += bytes
                state.news.open()
                return nil
            }
            guard let room else { return }
            await room.wait()
        }
    }

    /// Everything that waits, as soon as there is anything; empty when the task is cancelled; nil at the end.
    func take() async -> [Element]? {
        await state.withLock { $0.news }.wait()
        return state.withLock { state in
            if state.elements.isEmpty {
                return state.isFinished ? nil : []
            }
            defer {
                state.elements = []
                state.bytes = 0
                state.room.open()
                state.room = Latch()
                if !state.isFinished { state.news = Latch() }
            }
            return state.elements
        }
    }

    /// Nothing more will be put.
    func finish() {
        state.withLock { state in
            state.isFinished = true
            state.news.open()
        }
    }

    /// The reader is gone: writers get this error, and what waits is let go.
    func fail(_ error: any Error) {
        state.withLock { state in
            state.failure = state.failure ?? error
            state.elements = []
            state.bytes = 0
            state.room.open()
        }
    }
}
