import Records

extension Latch {
    private enum Event<Answer: Sendable>: Sendable {
        case answer(Answer)
        case interrupted
        case timeout
    }

    /// Makes a call that may hang: it is cancelled once the latch opens or the limit has passed.
    ///
    /// Cancelling is a request: stores and clients obey it, or end the call by a timeout of their own.
    ///
    /// - Throws: what the call throws; a `Failure` after the limit; `CancellationError` once the latch is open or the task is cancelled.
    public func cancelling<Answer: Sendable>(
        atMost limit: Duration? = nil, _ call: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try await withThrowingTaskGroup(of: Event<Answer>.self) { group in
            group.addTask { .answer(try await call()) }
            group.addTask {
                await self.wait()
                return .interrupted
            }
            if let limit {
                group.addTask {
                    try await Task.sleep(for: limit)
                    return .timeout
                }
            }
            defer { group.cancelAll() }
            switch try await group.next() {
            case .answer(let answer): return answer
            case .timeout: throw Failure("call_timed_out", "a call had no answer within \(limit?.text ?? "its time")")
            case .interrupted, nil: throw CancellationError()
            }
        }
    }
}
