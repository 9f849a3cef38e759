import Records
import Testing

@testable import Coordination

@Suite("Subscribing to a shard")
final class ShardSubscriptionTests {
    private var subscription = ShardSubscription(from: .trimHorizon, now: .zero)
    private var now = MonotonicTime.zero
    private var generator = SplitMix64(seed: 1)

    private func act(hasRoom: Bool = true) -> ShardSubscription.Step {
        while true {
            let step = subscription.next(now: now, hasRoom: hasRoom)
            guard case .wait(let time) = step else { return step }
            now = time
        }
    }

    /// Subscribes, is accepted, and gets an event.
    private func stream(to sequence: UInt64?, children: [Shard] = []) {
        guard case .subscribe = act() else {
            Issue.record("no subscription")
            return
        }
        subscription.opened(now: now)
        event(sequence, children: children)
    }

    private func event(_ sequence: UInt64?, children: [Shard] = []) {
        subscription.received(.init(lastSequence: nil, continuation: sequence.map { SequenceNumber($0) }, children: children))
    }

    private static func child(_ parents: [String] = ["a"]) -> Shard {
        Shard(id: "b", parent: parents.first, hashRange: .all, startingSequence: SequenceNumber(0))
    }

    @Test("after its five minutes a subscription goes on from the last continuation at once")
    func renewal() {
        stream(to: 7)
        now = now + .seconds(300)
        subscription.finished(now: now)
        let end = now
        #expect(act() == .subscribe(.sequence(SequenceNumber(7), subSequence: nil)))
        #expect(now == end)
    }

    @Test("a connection that is cut is replaced, but not within five seconds of a call that succeeded")
    func cut() {
        stream(to: 7)
        now = now + .milliseconds(500)
        subscription.failed(.transient(retryAfter: nil), now: now, using: &generator)
        #expect(act() == .subscribe(.sequence(SequenceNumber(7), subSequence: nil)))
        #expect(now - .zero >= .seconds(5) && now - .zero <= .seconds(6))
    }

    @Test("calls that fail come at most once a second")
    func rate() {
        var calls: [MonotonicTime] = []
        for _ in 0..<20 {
            guard case .subscribe = act() else { break }
            calls.append(now)
            subscription.failed(.transient(retryAfter: nil), now: now, using: &generator)
        }
        #expect(calls.count == 20)
        #expect(zip(calls, calls.dropFirst()).allSatisfy { $1 - $0 >= .seconds(1) })
    }

    @Test("a shard that another reader has is taken over after five to ten seconds, again and again")
    func inUse() {
        for _ in 0..<30 {
            guard case .subscribe = act() else {
                Issue.record("gave up")
                return
            }
            let start = now
            subscription.failed(.inUse, now: now, using: &generator)
            guard case .wait(let until) = subscription.next(now: now, hasRoom: true) else {
                Issue.record("no pause")
                return
            }
            #expect(until - start >= .seconds(5) && until - start <= .seconds(10))
        }
    }

    @Test("sinks that are too slow end the subscription; it goes on behind what was taken once there is room")
    func overflow() {
        stream(to: 7)
        now = now + .seconds(20)
        subscription.overflowed(now: now)
        subscription.finished(now: now)
        #expect(act(hasRoom: false) == .waitForRoom)
        #expect(act(hasRoom: true) == .subscribe(.sequence(SequenceNumber(7), subSequence: nil)))
    }

    @Test("an event without a continuation ends the shard with its children, whatever the connection does then")
    func end() {
        stream(to: nil, children: [Self.child()])
        subscription.failed(.transient(retryAfter: nil), now: now, using: &generator)
        subscription.finished(now: now)
        #expect(act() == .end(children: [Self.child()]))
    }

    @Test("an end without children, or with children without parents, is looked up", arguments: [[], [child([])]])
    func lookedUp(children: [Shard]) {
        stream(to: nil, children: children)
        subscription.finished(now: now)
        #expect(act() == .listShards)
        subscription.failed(.transient(retryAfter: nil), now: now, using: &generator)
        #expect(act() == .listShards)
        subscription.sighted(ShardSighting(of: "a", in: [Self.child()]), now: now, using: &generator)
        #expect(act() == .end(children: [Self.child()]))
    }

    @Test("what trying again cannot help is told at once, what may pass after a minute")
    func gaveUp() {
        _ = act()
        subscription.failed(.fatal, now: now, using: &generator)
        #expect(act() == .fail)

        subscription = ShardSubscription(from: .trimHorizon, now: now)
        var attempts = 0
        while act() != .fail, attempts < 100 {
            attempts += 1
            subscription.failed(.persistent, now: now, using: &generator)
        }
        #expect(attempts == 11)
    }

    @Test("through cuts, take-overs, slow sinks and lost events each record is taken once and in order", arguments: 0..<20)
    func simulated(block: Int) {
        for seed in 0..<20 {
            let violations = simulate(seed: UInt64(block * 20 + seed))
            #expect(violations.isEmpty, "seed \(block * 20 + seed): \(violations)")
        }
    }

    /// A service that pushes the numbers from 1 on and fails as the seed says; answers what went wrong.
    private func simulate(seed: UInt64) -> [String] {
        var random = SplitMix64(seed: seed)
        var subscription = ShardSubscription(from: .trimHorizon, now: .zero)
        var (now, lastCall, lastSuccess) = (MonotonicTime.zero, MonotonicTime?.none, MonotonicTime?.none)
        let count = Int.random(in: 0...200, using: &random)
        var (taken, violations): ([Int], [String]) = ([], [])
        func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &random) < probability }
        calls: for _ in 0..<10_000 {
            switch subscription.next(now: now, hasRoom: chance(0.7)) {
            case .wait(let time): now = time
            case .waitForRoom: now = now + .milliseconds(300)
            case .listShards:
                let listing = chance(0.2) ? [Shard(id: "a", hashRange: .all, startingSequence: SequenceNumber(0))] : [Self.child()]
                subscription.sighted(ShardSighting(of: "a", in: listing), now: now, using: &random)
            case .end(let children):
                if taken != Array(1..<(count + 1)) { violations.append("\(taken.count) of \(count)") }
                if children != [Self.child()] { violations.append("no children") }
                return violations
            case .fail: return ["gave up"]
            case .subscribe(let position):
                if let lastCall, now - lastCall < .seconds(1) { violations.append("two calls in a second") }
                if let lastSuccess, now - lastSuccess < .seconds(5) { violations.append("a call within five seconds of a success") }
                lastCall = now
                now = now + .milliseconds(10)
                if chance(0.1) {
                    subscription.failed(chance(0.5) ? .inUse : .throttled(retryAfter: nil), now: now, using: &random)
                    continue
                }
                lastSuccess = now
                subscription.opened(now: now)
                var next = 1
                if case .sequence(let sequence, _) = position { next = (Int(sequence.digits) ?? 0) + 1 }
                stream: while true {
                    now = now + .milliseconds(Int64.random(in: 0...5_000, using: &random))
                    let end = min(count + 1, next + Int.random(in: 0...5, using: &random))
                    let isLast = end == count + 1 && chance(0.5)
                    // Cut before the event is whole: nothing of it is taken.
                    if chance(0.1) { break stream }
                    taken += next..<end
                    subscription.received(
                        .init(
                            lastSequence: end > next ? SequenceNumber(UInt64(end - 1)) : nil,
                            continuation: isLast ? nil : SequenceNumber(UInt64(end - 1)),
                            children: isLast && chance(0.7) ? [Self.child()] : []))
                    next = end
                    if isLast { break stream }
                    if chance(0.1) {
                        subscription.overflowed(now: now)
                        continue calls
                    }
                    if chance(0.1) { break stream }
                }
                switch Int.random(in: 0...2, using: &random) {
                case 0: subscription.finished(now: now)
                case 1: subscription.failed(.transient(retryAfter: nil), now: now, using: &random)
                default: subscription.failed(.inUse, now: now, using: &random)
                }
            }
        }
        return violations + ["does not come to an end"]
    }
}
