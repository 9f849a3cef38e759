import Testing

@testable import Leasing

@Suite("Simulated consumers")
struct ConsumerSimulationTests {
    typealias Scenario = ConsumerSimulation.Scenario

    private func run(_ scenario: Scenario, _ seed: Int) async -> ConsumerSimulation {
        var simulation = ConsumerSimulation(scenario, seed: UInt64(seed))
        _ = await simulation.run()
        return simulation
    }

    @Test("reshards, deaths, pauses past the session and outages lose nothing, break no order and come to rest", arguments: 1...12)
    func everything(_ seed: Int) async {
        var scenario = Scenario()
        scenario.limits = seed % 3 == 0
        scenario.beginsLate = seed % 2 == 0
        let checker = await run(scenario, seed).checker
        #expect(checker.violations == [])
    }

    @Test("a store that forgets everything loses nothing", arguments: 1...6)
    func forgetful(_ seed: Int) async {
        var scenario = Scenario()
        scenario.forgets = true
        scenario.beginsLate = seed % 2 == 0
        let checker = await run(scenario, seed).checker
        #expect(checker.violations == [])
    }

    @Test("workers that come and leave in good order while shards split and merge repeat nothing", arguments: 1...6)
    func calm(_ seed: Int) async {
        var scenario = Scenario()
        (scenario.deaths, scenario.pauses, scenario.outages) = (false, false, false)
        let checker = await run(scenario, seed).checker
        #expect(checker.violations == [])
        #expect(checker.repetitions == 0)
    }

    @Test("the same seed gives the same run")
    func repeats() async {
        let (first, second) = (await run(Scenario(), 7), await run(Scenario(), 7))
        #expect(first.checker.repetitions == second.checker.repetitions)
        #expect(first.rows == second.rows)
    }

    private static let rules: [(Mutation, Violation)] = [
        (.ignoresTokens, .staleTokenAccepted), (.ignoresParents, .childBeforeParent), (.ignoresDeadlines, .wroteWithoutLease),
        (.acknowledgesEarly, .checkpointBeyondDelivered), (.finishesEarly, .checkpointBeyondDelivered), (.startsChildrenLate, .lost),
    ]

    @Test("the checker sees every rule that is broken", arguments: rules)
    func mutations(_ mutation: Mutation, _ violation: Violation) async {
        var scenario = Scenario()
        scenario.mutation = mutation
        // One run need not meet the fault that the rule is for; a few do.
        var seed = 1
        while seed < 12, await !run(scenario, seed).checker.violations.contains(violation) { seed += 1 }
        #expect(seed < 12)
    }
}
