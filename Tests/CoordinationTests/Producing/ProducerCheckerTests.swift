import Records
import Testing

@testable import Coordination

/// The checker is what the simulation's word is worth: it has to catch producers that are wrong and to leave alone one that is right.
@Suite struct ProducerCheckerTests {
    private func violations(_ mutation: BrokenProducer.Mutation) -> Set<Violation> {
        var scenario = Scenario()
        scenario.items = 150
        scenario.keys = 5
        scenario.recordFailures = 0.2
        scenario.requestFailures = 0.2
        scenario.latency = .milliseconds(1) ... .milliseconds(40)
        scenario.limits.batchSize = 20
        var simulation = ProducerSimulation(scenario, seed: 7, producer: BrokenProducer(mutation, limits: scenario.limits))
        return simulation.run()
    }

    @Test("A plain producer that sends one record at a time breaks no promise")
    func correct() {
        #expect(violations(.none).isEmpty)
    }

    @Test(
        "Every way to break a promise is noticed",
        arguments: [
            (.retriesLast, { if case .outOfOrder = $0 { true } else { false } }),
            (.keyRepeatsInRequest, { if case .outOfOrder = $0 { true } else { false } }),
            (.trustsTimeouts, { if case .lost = $0 { true } else { false } }),
            (.trustsTimeouts, { if case .acknowledgedBeforeStored = $0 { true } else { false } }),
            (.dropsUnknownCodes, { if case .lost = $0 { true } else { false } }),
            (.dropsUnknownCodes, { if case .neverAcknowledged = $0 { true } else { false } }),
            (.overlaps, { if case .twoRequestsWithKey = $0 { true } else { false } }),
            (.oneTooMany, { $0 == .tooManyRecords(21) }),
            (.forgetsToDrain, { $0 == .didNotEnd }),
        ] as [(BrokenProducer.Mutation, @Sendable (Violation) -> Bool)])
    func broken(mutation: BrokenProducer.Mutation, isExpected: @Sendable (Violation) -> Bool) {
        #expect(violations(mutation).contains(where: isExpected), "\(mutation)")
    }
}
