import Testing

@testable import Coordination

@Suite("Simulated polling")
struct ShardPollSimulationTests {
    @Test("whatever the service and the sinks do, each record is delivered once and in order, and no quota is passed", arguments: 0..<20)
    func seeds(block: Int) {
        for seed in 0..<10 {
            var simulation = ShardPollSimulation(seed: UInt64(block * 10 + seed))
            simulation.run()
            #expect(simulation.violations.isEmpty, "seed \(block * 10 + seed): \(simulation.violations.first ?? "")")
            #expect(simulation.children?.map(\.id) == ["b"], "seed \(block * 10 + seed)")
        }
    }
}
