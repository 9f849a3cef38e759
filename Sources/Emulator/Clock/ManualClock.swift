public import Records
import Synchronization

/// A clock that stands still until it is told to go on: what happens on it happens the same way every time.
public final class ManualClock: EmulatorClock {
    private struct Sleeper {
        var wakesAt: MonotonicTime
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct Observer {
        var count: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var milliseconds: Int64
        var monotonic = MonotonicTime.zero
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        /// Cancelled before they slept.
        var cancelled: Set<Int> = []
        var observers: [Observer] = []

        /// Takes out those that wait for as many sleepers as there are.
        mutating func satisfiedObservers() -> [Observer] {
            let satisfied = observers.filter { $0.count <= sleepers.count }
            observers.removeAll { $0.count <= sleepers.count }
            return satisfied
        }
    }

    private let state: Mutex<State>

    /// A clock that begins at a moment; milliseconds since 1970.
    public init(milliseconds: Int64 = 1_800_000_000_000) {
        state = Mutex(State(milliseconds: milliseconds))
    }

    /// Milliseconds since 1970.
    public var milliseconds: Int64 { state.withLock { $0.milliseconds } }

    /// Counted from the clock's creation.
    public var monotonic: MonotonicTime { state.withLock { $0.monotonic } }

    /// Goes on, and wakes those whose moment has come.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.monotonic = state.monotonic + duration
            state.milliseconds += duration.wholeMilliseconds
            let due = state.sleepers.filter { $0.value.wakesAt <= state.monotonic }
            for id in due.keys { state.sleepers[id] = nil }
            return due.sorted { ($0.value.wakesAt, $0.key) < ($1.value.wakesAt, $1.key) }.map(\.value)
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Returns once that many tasks sleep: only then does it mean anything to them that the clock goes on.
    public func waitForSleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let satisfied = state.withLock { state in
                state.observers.append(Observer(count: count, continuation: continuation))
                return state.satisfiedObservers()
            }
            for observer in satisfied { observer.continuation.resume() }
        }
    }

    /// Throws `CancellationError`.
    public func sleep(until moment: MonotonicTime) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (outcome, satisfied) = state.withLock { state -> (Result<Void, any Error>?, [Observer]) in
                    if state.cancelled.remove(id) != nil { return (.failure(CancellationError()), []) }
                    guard moment > state.monotonic else { return (.success(()), []) }
                    state.sleepers[id] = Sleeper(wakesAt: moment, continuation: continuation)
                    return (nil, state.satisfiedObservers())
                }
                if let outcome { continuation.resume(with: outcome) }
                for observer in satisfied { observer.continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                let sleeper = state.sleepers.removeValue(forKey: id)
                if sleeper == nil { state.cancelled.insert(id) }
                return sleeper
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
