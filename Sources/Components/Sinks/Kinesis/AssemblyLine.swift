import Coordination
import Leasing
import Records
import Synchronization

/// An assembly that many writers add to, on their own tasks, and one task empties.
final class AssemblyLine: Sendable {
    private struct State {
        var assembly: Assembly
        var isFinished = false
        var failure: (any Error)?
        /// Opened where there is something to do, and replaced when somebody looks.
        var news = Latch()
    }

    private let state: Mutex<State>

    init(_ assembly: Assembly) {
        state = Mutex(State(assembly: assembly))
    }

    /// Throws once the line has failed.
    func add(_ portion: EncodedPortion, _ map: ShardMap?) throws {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            let wasOpen = state.assembly.deadline != nil
            state.assembly.add(portion, map, now: .now())
            if state.assembly.hasOutputs || !wasOpen { state.news.open() }
        }
    }

    /// Lets the one task look whether what is open should go.
    func nudge() { state.withLock { $0.news.open() } }

    /// Nothing more will be added.
    func finish() {
        state.withLock { state in
            state.isFinished = true
            state.news.open()
        }
    }

    /// Who adds more gets this error.
    func fail(_ error: any Error) {
        state.withLock { $0.failure = $0.failure ?? error }
    }

    /// Opens with whatever happens from now on.
    func news() -> Latch {
        state.withLock { state in
            if state.news.isOpen { state.news = Latch() }
            return state.news
        }
    }

    struct Work: Sendable {
        var outputs: [Assembly.Output]
        /// What was open is among them, for it could wait no longer.
        var isLate: Bool
        /// Nothing will follow.
        var isLast: Bool
        /// How long what is open can wait; nil while nothing is.
        var patience: Duration?
    }

    /// - Parameter isStarved: nobody can add anything before something is acknowledged: what is open gains nothing by waiting.
    func take(isStarved: Bool) -> Work {
        state.withLock { state in
            let now = MonotonicTime.now()
            let isLate = isStarved || state.isFinished || state.assembly.deadline.map { $0 <= now } ?? false
            if isLate { state.assembly.flush() }
            let patience = state.assembly.deadline.map { $0 - now }
            return Work(outputs: state.assembly.take(), isLate: isLate, isLast: state.isFinished, patience: patience)
        }
    }
}
