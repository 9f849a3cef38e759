import Coordination
import Records

/// Decides which requests suffer which faults: a pure value, told what is asked for and the time.
///
/// Each rule has a generator of its own, which goes on once for every request that the rule is about: so the same requests in the same
/// order get the same faults, whatever other rules and other requests there are.
struct FaultPlan: Sendable {
    fileprivate struct RuleState {
        let rule: FaultRule
        var generator: SplitMix64
        /// Requests that the rule was about.
        var count = 0
    }

    private let startedAt: MonotonicTime
    private var states: [RuleState]
    /// Whether it matters to which shards records are put.
    let namesShards: Bool

    init(_ configuration: FaultConfiguration, now: MonotonicTime) {
        startedAt = now
        var seeds = SplitMix64(seed: configuration.seed)
        states = configuration.rules.map { RuleState(rule: $0, generator: SplitMix64(seed: seeds.next())) }
        namesShards = configuration.rules.contains { $0.shard != nil }
    }

    /// What happens to a request, in the order of the rules.
    mutating func decide(_ target: RequestTarget, now: MonotonicTime) -> [InjectedFault] {
        states.indices.compactMap { states[$0].decide(target, elapsed: now - startedAt) }
    }
}

extension FaultPlan.RuleState {
    mutating func decide(_ target: RequestTarget, elapsed: Duration) -> InjectedFault? {
        guard rule.matches(target), elapsed >= rule.after, rule.until.map({ elapsed < $0 }) ?? true else { return nil }
        count += 1
        // Both are drawn every time, so that what one request gets says nothing about the next.
        let chance = Double.random(in: 0..<1, using: &generator)
        let seed = generator.next()
        let isHit =
            if let every = rule.every { count % every == 0 } else { chance < rule.probability ?? 1 }
        return isHit ? InjectedFault(effect: rule.effect, shard: rule.shard, seed: seed) : nil
    }
}

/// A fault that happens to one request.
struct InjectedFault: Sendable, Hashable {
    var effect: FaultEffect
    /// The shard that it is about; nil for any.
    var shard: String?
    /// For choices within the request.
    var seed: UInt64
}
