import Logging
import Records
import Synchronization

/// The streams of one server and the store behind them: every change is decided under one lock, stored in that order and answered once it
/// is durable.
final class StreamEngine: Sendable {
    let store: any StreamStore
    /// Milliseconds since 1970.
    let now: @Sendable () -> Int64
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        var streams: Streams
        /// A change of streams or shards could not be stored: memory and disk disagree, and every further change is refused.
        var isBroken = false
    }

    init(streams: Streams, store: any StreamStore, logger: Logger, now: @escaping @Sendable () -> Int64) {
        self.store = store
        self.now = now
        self.logger = logger
        state = Mutex(State(streams: streams))
    }

    func read<Result: Sendable>(_ body: @Sendable (Streams, Int64) throws(ServiceError) -> Result) throws(ServiceError) -> Result {
        try state.withLock { (state) throws(ServiceError) in try body(state.streams, now()) }
    }

    /// Answers what `body` does once the changes it answers are durable. Throws what `body` throws, and InternalFailure when the changes
    /// could not be stored.
    func update<Result: Sendable>(
        _ body: @Sendable (inout Streams, Int64) throws(ServiceError) -> (Result, [StoreChange])
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Result, any Error>) in
            do throws(ServiceError) {
                try state.withLock { (state) throws(ServiceError) in
                    guard !state.isBroken else { throw .internalFailure }
                    let (result, changes) = try body(&state.streams, now())
                    guard !changes.isEmpty else { return continuation.resume(returning: result) }
                    let isStructural = changes.contains(where: \.isStructural)
                    // Under the lock, so that the store sees changes in the order in which they were decided.
                    store.enqueue(changes) { [self] outcome in
                        switch outcome {
                        case .success: continuation.resume(returning: result)
                        case .failure(let error):
                            report(error, isStructural: isStructural)
                            continuation.resume(throwing: ServiceError.internalFailure)
                        }
                    }
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Changes shards, and lets readers see the end of the closed ones once it is stored.
    func reshard(
        _ body: @Sendable (inout Streams, Int64) throws(ServiceError) -> ReshardOutcome
    ) async throws {
        let outcome = try await update { (streams, now) throws(ServiceError) in
            let outcome = try body(&streams, now)
            return (outcome, outcome.changes)
        }
        state.withLock { $0.streams.seal(outcome) }
    }

    /// Takes away what retention no longer keeps.
    func trim() async throws {
        try await update { (streams, now) throws(ServiceError) in ((), streams.trim(at: now)) }
    }

    private func report(_ error: any Error, isStructural: Bool) {
        logger.error("The streams could not be stored", metadata: ["error": "\(error)"])
        guard isStructural else { return }
        state.withLock { $0.isBroken = true }
    }
}
