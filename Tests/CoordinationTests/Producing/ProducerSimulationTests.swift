import Records
import Testing

@testable import Coordination

@Suite struct ProducerSimulationTests {
    /// Aggregates are taken apart into their members.
    private static let split: ProducerState<[Item]>.Split = { aggregate in
        aggregate.token.map { entry([$0], size: aggregate.data.count / aggregate.token.count, aggregated: true) }
    }

    private func simulate(_ scenario: Scenario, seed: UInt64) -> ProducerSimulation<ProducerState<[Item]>> {
        ProducerSimulation(scenario, seed: seed, producer: ProducerState(limits: scenario.limits, seed: seed, split: Self.split))
    }

    @Test(
        "Whatever fails and however the stream is resharded, nothing is lost, keys keep their order and limits are kept",
        arguments: [0..<250, 250..<500, 500..<750, 750..<1_000])
    func perKey(seeds: Range<UInt64>) {
        for seed in seeds {
            var simulation = simulate(Scenario(seed: seed), seed: seed)
            let violations = simulation.run()
            #expect(violations.isEmpty, "seed \(seed)")
        }
    }

    @Test("Without ordering nothing is lost either", arguments: [0..<250 as Range<UInt64>])
    func unordered(seeds: Range<UInt64>) {
        for seed in seeds {
            var scenario = Scenario(seed: seed)
            scenario.limits.ordering = .none
            var simulation = simulate(scenario, seed: seed)
            let violations = simulation.run()
            #expect(violations.isEmpty, "seed \(seed)")
        }
    }
}
