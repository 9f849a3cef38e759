import Logging
import Records
import Synchronization

/// The streams of one server and the store behind them: every change is decided under one lock, stored in that order and answered once it
/// is durable.
final class StreamEngine: Sendable {
    let store: any StreamStore
    let clock: any EmulatorClock
    let quotas: QuotaGate
    let subscriptions: Subscriptions
    let accountID: String
    private let logger: Logger
    private let state: Mutex<State>

    private struct State {
        var streams: Streams
        /// A change of streams or shards could not be stored: memory and disk disagree, and every further change is refused.
        var isBroken = false
    }

    init(streams: Streams, store: any StreamStore, clock: any EmulatorClock, enforcesQuotas: Bool = false, logger: Logger) {
        self.store = store
        self.clock = clock
        quotas = QuotaGate(isEnforcing: enforcesQuotas, clock: clock)
        subscriptions = Subscriptions(enforcesQuotas: enforcesQuotas, clock: clock)
        accountID = streams.accountID
        self.logger = logger
        state = Mutex(State(streams: streams))
    }

    /// Milliseconds since 1970.
    func now() -> Int64 { clock.milliseconds }

    /// What can be seen of the streams without ever failing.
    func look(_ body: (Streams, Int64) -> Void) {
        state.withLock { body($0.streams, now()) }
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
                        case .success:
                            quotas.forget(changes)
                            subscriptions.wake(after: changes)
                            continuation.resume(returning: result)
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
        subscriptions.wake(Set(outcome.closed))
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
