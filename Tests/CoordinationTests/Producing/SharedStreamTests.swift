import Records
import Testing

@testable import Coordination

/// Producers that know nothing of each other on one stream, all with more to write than it takes.
@Suite struct SharedStreamTests {
    private static let rate = 100.0
    /// What they learn at the beginning does not count.
    private static let settled = MonotonicTime.zero + .seconds(15)
    private static let end = MonotonicTime.zero + .seconds(60)

    private func scenario(writers: Int, shards: Int) -> Scenario {
        var scenario = Scenario()
        scenario.writers = writers
        scenario.shards = shards
        scenario.items = Int(Self.rate * 90) * shards
        scenario.keys = 500
        scenario.spread = .milliseconds(10)
        scenario.sizes = 10...10
        scenario.latency = .milliseconds(2) ... .milliseconds(15)
        scenario.quota = ShardPace.Limits(records: Self.rate, burst: .seconds(1))
        scenario.limits.pace = ShardPace.Limits(records: Self.rate)
        scenario.end = Self.end
        return scenario
    }

    private func run(_ scenario: Scenario, seed: UInt64) -> ProducerSimulation<ProducerState<[Item]>> {
        var jitter = seed
        var simulation = ProducerSimulation(scenario, seed: seed) {
            jitter += 1
            return ProducerState<[Item]>(limits: scenario.limits, seed: jitter)
        }
        #expect(simulation.run().isEmpty)
        return simulation
    }

    /// Records a second in the part of the run that counts, as a share of one shard's limit.
    private func share(_ simulation: ProducerSimulation<ProducerState<[Item]>>, where counts: (SimulatedStream.Stored) -> Bool) -> Double {
        let stored = simulation.stream.delivered.count { $0.time > Self.settled && counts($0) }
        return Double(stored) / (Self.end - Self.settled).seconds / Self.rate
    }

    @Test("Writers of one shard share it: together at its limit, each with a fair part, and few records refused", arguments: 2...4)
    func converge(writers: Int) {
        for seed in 1...3 as ClosedRange<UInt64> {
            let simulation = run(scenario(writers: writers, shards: 1), seed: seed)
            let shares = (0..<writers).map { writer in share(simulation) { $0.items[0].key % writers == writer } }
            #expect(shares.reduce(0, +) > 0.97, "seed \(seed)")
            #expect(shares.allSatisfy { $0 * Double(writers) > 0.6 && $0 * Double(writers) < 1.4 }, "seed \(seed): \(shares)")
            #expect(Double(simulation.stream.throttles) < 0.05 * Double(simulation.stream.delivered.count), "seed \(seed)")
        }
    }

    @Test("A writer that takes half of one shard leaves the others at their limit")
    func oneShardShared() {
        var scenario = scenario(writers: 2, shards: 4)
        let first = ShardMap(evenShards(4)).destinations[0].range
        scenario.ranges = [.all, first]
        let simulation = run(scenario, seed: 4)
        for shard in ["shard-1", "shard-2", "shard-3"] {
            #expect(share(simulation) { $0.shard == shard } > 0.97, "\(shard)")
        }
        #expect(share(simulation) { $0.shard == "shard-0" } > 0.97)
        let half = share(simulation) { $0.shard == "shard-0" && $0.items[0].key % 2 == 1 }
        #expect(half > 0.3 && half < 0.7)
        #expect(Double(simulation.stream.throttles) < 0.02 * Double(simulation.stream.delivered.count))
    }

    @Test("From the first record to the last, little of the limit is left unused")
    func wastesLittle() {
        var scenario = scenario(writers: 2, shards: 1)
        scenario.end = nil
        scenario.items = Int(Self.rate * 30)
        let simulation = run(scenario, seed: 6)
        #expect((simulation.now - .zero).seconds < 70)
    }
}
