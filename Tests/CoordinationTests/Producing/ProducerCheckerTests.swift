import Records
import Testing

@testable import Coordination

/// The checker is what the simulation's word is worth: it has to catch producers that are wrong and to leave alone one that is right.
@Suite struct ProducerCheckerTests {
    private func violations(_ mutation: BrokenProducer.Mutation) -> Set<Violation> {
        var scenario = Scenario()
        scenario.items = 150
        scenario.keys = 5
        scenario.spread = .milliseconds(300)
        scenario.recordFailures = 0.2
        scenario.requestFailures = 0.2
        scenario.latency = .milliseconds(1) ... .milliseconds(40)
        scenario.limits.batchSize = 20
        var simulation = ProducerSimulation(scenario, seed: 7) { BrokenProducer(mutation, limits: scenario.limits) }
        return simulation.run()
    }

    @Test("A plain producer that sends one record at a time breaks no promise")
    func correct() {
        #expect(violations(.none).isEmpty)
    }

    @Test(
        "Every way to break a promise is noticed",
        arguments: [
            (.retriesLast, .outOfOrder),
            (.keyRepeatsInRequest, .outOfOrder),
            (.trustsTimeouts, .lost),
            (.trustsTimeouts, .acknowledgedBeforeStored),
            (.dropsUnknownCodes, .lost),
            (.dropsUnknownCodes, .neverAcknowledged),
            (.overlaps, .twoRequestsWithKey),
            (.oneTooMany, .tooManyRecords),
            (.forgetsToDrain, .didNotEnd),
        ] as [(BrokenProducer.Mutation, Violation.Kind)])
    func broken(mutation: BrokenProducer.Mutation, breaking promise: Violation.Kind) {
        #expect(violations(mutation).map(\.kind).contains(promise))
    }
}
