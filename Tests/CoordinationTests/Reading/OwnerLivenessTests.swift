import Records
import TestSupport
import Testing

@testable import Coordination

@Suite("Which owners live")
struct OwnerLivenessTests {
    private func row(left: Double?, token: Int64 = 1, owner: String = "other") -> Lease {
        Lease(shard: "s", position: .trimHorizon, owner: owner, token: token, remaining: left.map { .seconds($0) })
    }

    private func at(_ seconds: Double) -> MonotonicTime { .zero + .seconds(seconds) }

    /// What is said after looks at these moments, each reply taking `delay`.
    private func answer(_ looks: [(time: Double, row: Lease)], delay: Double = 0, held: Set<HeldLease> = []) -> Bool {
        var liveness = OwnerLiveness(patience: .seconds(20))
        var answer = false
        for look in looks {
            answer = liveness.observe([look.row], held: held, sentAt: at(look.time), receivedAt: at(look.time + delay))
        }
        return answer
    }

    @Test("time left proves nothing, a renewal does")
    func renewal() {
        #expect(!answer([(0, row(left: 60))]))
        #expect(!answer([(0, row(left: 60)), (10, row(left: 50))]))
        #expect(answer([(0, row(left: 60)), (10, row(left: 59))]))
    }

    @Test("a slow reply is no renewal")
    func slowReply() {
        var liveness = OwnerLiveness(patience: .seconds(20))
        // It expires at 60; read at 0, then between 1 and 7, then between 8 and 12.
        let answers = [
            liveness.observe([row(left: 60)], held: [], sentAt: at(0), receivedAt: at(0)),
            liveness.observe([row(left: 58)], held: [], sentAt: at(1), receivedAt: at(7)),
            liveness.observe([row(left: 50)], held: [], sentAt: at(8), receivedAt: at(12)),
        ]
        #expect(answers == [false, false, false])
    }

    @Test("another owner has to prove itself anew")
    func newToken() {
        #expect(!answer([(0, row(left: 30)), (1, row(left: 60)), (2, row(left: 60, token: 2))]))
    }

    @Test("a renewal proves life only for a while")
    func patience() {
        let renewed = [(0, row(left: 60)), (10, row(left: 60))] as [(Double, Lease)]
        #expect(answer(renewed + [(30, row(left: 40))]))
        #expect(!answer(renewed + [(30.5, row(left: 39.5))]))
    }

    @Test("an expired lease has no owner")
    func expired() {
        #expect(!answer([(0, row(left: 1)), (1, row(left: 30)), (40, row(left: nil))]))
    }

    @Test("a lease of this worker's own counts only while it is held")
    func own() {
        let lease = HeldLease(shard: "s", owner: "me", token: 1)
        #expect(answer([(0, row(left: 60, owner: "me"))], held: [lease]))
        #expect(!answer([(0, row(left: 60, owner: "me"))]))
        #expect(!answer([(0, row(left: 60, token: 2, owner: "me"))], held: [lease]))
    }

    @Test("frequent small renewals add up to proof")
    func smallSteps() {
        #expect(answer((0...10).map { (Double($0) * 0.01, row(left: 1)) }))
    }

    @Test("an owner that never renews is never taken for alive, whatever the latencies", arguments: 1...20)
    func dead(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var liveness = OwnerLiveness(patience: .seconds(20))
        var time = 0.0
        while time < 59 {
            let asked = time
            let served = asked + Double.random(in: 0...3, using: &random)
            let received = served + Double.random(in: 0...3, using: &random)
            let left = (60 - served) * 1000
            let row = row(left: left > 0 ? left.rounded() / 1000 : nil)
            let isAlive = liveness.observe([row], held: [], sentAt: at(asked), receivedAt: at(received))
            #expect(!isAlive)
            time = received + Double.random(in: 0...2, using: &random)
        }
    }
}
