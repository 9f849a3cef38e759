import Records
import Synchronization

/// The faults of a running server, which can be exchanged while it runs.
final class FaultSwitch: Sendable {
    private struct State {
        var plan: FaultPlan?
        var source: String?
    }

    private let state: Mutex<State>
    private let clock: any EmulatorClock

    init(_ configuration: FaultConfiguration?, clock: any EmulatorClock) {
        self.clock = clock
        let plan = configuration.map { FaultPlan($0, now: clock.monotonic) }
        state = Mutex(State(plan: plan, source: configuration?.source))
    }

    /// The fault file that is in force; nil without one.
    var source: String? { state.withLock { $0.source } }

    /// Puts other faults in force, from their beginning; nil for none.
    func replace(with configuration: FaultConfiguration?) {
        state.withLock { state in
            state.plan = configuration.map { FaultPlan($0, now: clock.monotonic) }
            state.source = configuration?.source
        }
    }

    /// Whether rules are about the shards that records are put to; nil without any faults.
    var namesShards: Bool? { state.withLock { $0.plan?.namesShards } }

    func decide(_ target: RequestTarget) -> RequestFaults {
        state.withLock { state in RequestFaults(state.plan?.decide(target, now: clock.monotonic) ?? []) }
    }
}
