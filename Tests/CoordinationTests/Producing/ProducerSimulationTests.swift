import Records
import Testing

@testable import Coordination

@Suite struct ProducerSimulationTests {
    /// Aggregates are taken apart by shard, or into their members.
    private static let split: ProducerState<[Item]>.Split = { aggregate, map in
        var groups: [String: [Item]] = [:]
        for (index, item) in aggregate.token.enumerated() {
            groups[map?.shard(of: item.hashKey) ?? "member \(index)", default: []].append(item)
        }
        return groups.sorted { $0.key < $1.key }.map { group in
            entry(group.value, size: aggregate.data.count * group.value.count / aggregate.token.count, aggregated: true)
        }
    }

    private func simulate(_ scenario: Scenario, seed: UInt64) -> ProducerSimulation<ProducerState<[Item]>> {
        var jitter = seed
        return ProducerSimulation(scenario, seed: seed) {
            jitter += 1
            return ProducerState(limits: scenario.limits, seed: jitter, split: Self.split)
        }
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

    @Test("A stream with the limits that the producer keeps never throttles it", arguments: [1, 4, 16])
    func pace(shards: Int) {
        var scenario = Scenario()
        scenario.shards = shards
        scenario.items = 400 * shards
        scenario.keys = 400 * shards
        scenario.spread = .milliseconds(100)
        scenario.quota = ShardPace.Limits(records: 100, bytes: 20_000, burst: .milliseconds(500))
        scenario.limits.pace = scenario.quota
        var simulation = simulate(scenario, seed: 3)
        #expect(simulation.run().isEmpty)
        #expect(simulation.stream.throttles == 0)
    }

    @Test("More shards take more: the limits are per shard, not per producer")
    func scales() {
        func seconds(shards: Int) -> Double {
            var scenario = Scenario()
            scenario.shards = shards
            scenario.items = 1_600
            scenario.keys = 1_600
            scenario.spread = .milliseconds(100)
            scenario.sizes = 10...10
            scenario.limits.pace = ShardPace.Limits(records: 100)
            var simulation = simulate(scenario, seed: 5)
            #expect(simulation.run().isEmpty)
            return (simulation.now - .zero).seconds
        }
        #expect(seconds(shards: 1) > 6 * seconds(shards: 8))
    }

    @Test("A producer that is set too fast learns what the stream takes, and wastes few records on refusals")
    func learns() {
        var scenario = Scenario()
        scenario.shards = 2
        scenario.items = 4_000
        scenario.keys = 4_000
        scenario.spread = .seconds(20)
        scenario.sizes = 10...10
        scenario.quota = ShardPace.Limits(records: 50, burst: .seconds(1))
        var simulation = simulate(scenario, seed: 9)
        #expect(simulation.run().isEmpty)
        #expect(simulation.stream.throttles < scenario.items)
        #expect((simulation.now - .zero).seconds < 1.5 * Double(scenario.items) / 100)
    }
}
