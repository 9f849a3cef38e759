import Records
import TestSupport
import Testing

@testable import Coordination

@Suite("Lease assignment")
struct LeaseAssignmentTests {
    private func live(_ shard: String, _ owner: String, next: String? = nil, isOverdue: Bool = false) -> Lease {
        Lease(
            shard: shard, position: .trimHorizon, owner: owner, token: 7, remaining: .seconds(30), nextOwner: next,
            handoffIsOverdue: isOverdue)
    }

    private func workers(_ names: String...) -> [Worker] { names.map { Worker($0) } }

    @Test("workers that join, leave and die end with even shares and come to rest", arguments: 1...40)
    func convergence(_ seed: Int) async {
        var random = SplitMix64(seed: UInt64(seed))
        var simulation = LeaseSimulation(shards: Int.random(in: 1...40, using: &random), seed: UInt64(seed))
        for step in 0..<12 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where simulation.workers.count > 1: simulation.leave(Int.random(in: 0..<simulation.workers.count, using: &random))
            case 1 where simulation.workers.count > 1: simulation.die(Int.random(in: 0..<simulation.workers.count, using: &random))
            default: simulation.join("w\(step)")
            }
            await simulation.run(seconds: Int.random(in: 1...90, using: &random))
        }
        // Two sessions for the dead, and a few heartbeats for each lease that has to move.
        await simulation.run(seconds: 900)
        let loads = simulation.loads
        #expect(loads.reduce(0, +) == simulation.rows.count, "all are read: \(loads)")
        #expect(loads.max()! - loads.min()! <= 1, "\(loads)")
        #expect(simulation.violations == [])

        simulation.handoffs = 0
        simulation.acquisitions = 0
        await simulation.run(seconds: 600)
        #expect(simulation.handoffs == 0)
        #expect(simulation.acquisitions == 0)
    }

    @Test("workers with limits of their own leave no shard unread while anybody has room, and come to rest", arguments: 1...40)
    func capacities(_ seed: Int) async {
        var random = SplitMix64(seed: UInt64(seed))
        let shards = Int.random(in: 1...60, using: &random)
        var simulation = LeaseSimulation(shards: shards, seed: UInt64(seed))
        for step in 0..<10 {
            if simulation.workers.count > 1, Int.random(in: 0..<3, using: &random) == 0 {
                let index = Int.random(in: 0..<simulation.workers.count, using: &random)
                if Bool.random(using: &random) { simulation.leave(index) } else { simulation.die(index) }
            } else {
                simulation.join("w\(step)", limit: Bool.random(using: &random) ? Int.random(in: 1...30, using: &random) : nil)
            }
            await simulation.run(seconds: Int.random(in: 1...90, using: &random))
        }
        await simulation.run(seconds: 900)
        let room = simulation.workers.reduce(0) { $0 + min($1.limit ?? shards, shards) }
        let loads = simulation.loads
        #expect(loads.reduce(0, +) == min(shards, room), "\(loads)")
        // Whoever has room holds as much as anybody, but for one.
        let open = zip(loads, simulation.workers).filter { $0 < $1.limit ?? .max }.map(\.0)
        #expect((loads.max() ?? 0) - (open.min() ?? loads.max() ?? 0) <= 1, "\(loads)")
        #expect(simulation.violations == [])

        simulation.handoffs = 0
        simulation.acquisitions = 0
        await simulation.run(seconds: 600)
        #expect(simulation.handoffs == 0)
        #expect(simulation.acquisitions == 0)
    }

    @Test("a newcomer has its share within two heartbeats, while one move of a lease disturbs no other")
    func newcomer() async {
        var simulation = LeaseSimulation(shards: 64, seed: 3)
        simulation.join("a")
        await simulation.run(seconds: 60)
        simulation.acquisitions = 0
        simulation.join("b")
        await simulation.run(seconds: 2 * LeaseSimulation.heartbeat + 5)
        #expect(simulation.loads == [32, 32])
        #expect(simulation.acquisitions == 32)
    }

    @Test("many moves are spread over several looks, and free leases are not asked for besides")
    func bounded() {
        let free = (0..<1_000).map { Lease(shard: "\($0)", position: .trimHorizon) }
        let first = LeaseAssignment(worker: Worker("a")).moves(rows: free, workers: workers("a", "b"))
        #expect(first.count == LeaseAssignment.mostMoves)
        let held = (0..<1_000).map { live("\($0)", "a") }
        let asked = LeaseAssignment(worker: Worker("b")).moves(rows: held, workers: workers("a", "b"))
        #expect(asked.count == LeaseAssignment.mostMoves)
        let mixed = Array(held.prefix(400)) + free.suffix(600)
        let moves = LeaseAssignment(worker: Worker("b")).moves(rows: mixed, workers: workers("a", "b"))
        #expect(moves.allSatisfy { if case .acquire = $0 { true } else { false } })
    }

    @Test("an owner of too many knows that it will be asked for some, an owner of its share does not wait")
    func tooMany() {
        let rows = (0..<5).map { live("\($0)", "a") }
        let assignment = LeaseAssignment(worker: Worker("a"))
        #expect(assignment.holdsTooMany(rows: rows, workers: workers("a", "b")))
        #expect(!assignment.holdsTooMany(rows: rows, workers: workers("a")))
        #expect(!assignment.holdsTooMany(rows: rows, workers: [Worker("a"), Worker("b", capacity: 0)]))
        #expect(!assignment.holdsTooMany(rows: Array(rows.prefix(3)) + [live("x", "b"), live("y", "b")], workers: workers("a", "b")))
    }

    @Test("what a worker of another program holds is neither counted nor asked for")
    func foreign() {
        let rows = (0..<4).map { number -> Lease in
            var lease = live("\(number)", "python")
            lease.isForeign = true
            return lease
        }
        #expect(LeaseAssignment(worker: Worker("a")).moves(rows: rows, workers: workers("a")) == [])
    }

    @Test("a limit is honoured, and shared by all it leaves leases free", arguments: 1...10)
    func limits(_ seed: Int) async {
        var simulation = LeaseSimulation(shards: 20, seed: UInt64(seed))
        for name in ["a", "b", "c"] { simulation.join(name, limit: 4) }
        await simulation.run(seconds: 300)
        simulation.die(0)
        await simulation.run(seconds: 300)
        #expect(simulation.loads == [4, 4])
        #expect(simulation.violations == [])
    }

    @Test("shares even out after shards went, though nobody is below the rounded-down share")
    func shrunk() async {
        var simulation = LeaseSimulation(shards: 12, seed: 1)
        for name in ["a", "b", "c"] { simulation.join(name) }
        await simulation.run(seconds: 300)
        simulation.remove(shardsOf: "b", keeping: 2)
        simulation.remove(shardsOf: "c", keeping: 2)
        #expect(simulation.loads == [4, 2, 2])
        await simulation.run(seconds: 300)
        #expect(simulation.loads.sorted() == [2, 3, 3])
    }

    @Test("an owner that never hands over loses its leases after the grace, not before", arguments: 1...5)
    func stubborn(_ seed: Int) async {
        var simulation = LeaseSimulation(shards: 10, seed: UInt64(seed))
        simulation.join("a", isStubborn: true)
        await simulation.run(seconds: 30)
        simulation.join("b")
        await simulation.run(seconds: 300)
        #expect(simulation.loads == [5, 5])
        #expect(simulation.violations == [])
    }

    @Test("a freed lease waits for the worker that it was promised to, unless that one is dead")
    func promised() {
        let free = Lease(shard: "s", position: .trimHorizon, owner: "a", remaining: nil, nextOwner: "b")
        let assignment = LeaseAssignment(worker: Worker("c"))
        #expect(assignment.moves(rows: [free], workers: workers("a", "b", "c")) == [])
        #expect(assignment.moves(rows: [free], workers: workers("a", "c")) == [.acquire(shard: "s")])
        #expect(LeaseAssignment(worker: Worker("b")).moves(rows: [free], workers: workers("a", "b", "c")) == [.acquire(shard: "s")])
    }

    @Test("who has just handed a lease over does not take it back")
    func handedOver() {
        let rows =
            ["1", "2"].map { live($0, "a") } + ["3", "4", "5"].map { live($0, "b") } + [
                live("6", "c"), Lease(shard: "7", position: .trimHorizon, token: 9),
            ]
        #expect(LeaseAssignment(worker: Worker("a")).moves(rows: rows, workers: workers("a", "b", "c")) == [])
        #expect(LeaseAssignment(worker: Worker("c")).moves(rows: rows, workers: workers("a", "b", "c")) == [.acquire(shard: "7")])
    }

    @Test("leases that are promised count as had: nobody asks twice, nobody asks for too much")
    func counted() {
        let rows = [live("1", "a", next: "b"), live("2", "a", next: "b"), live("3", "a"), live("4", "a")]
        #expect(LeaseAssignment(worker: Worker("b")).moves(rows: rows, workers: workers("a", "b")) == [])
        // To a third one, the owner is left with two, of which it can spare one.
        let third = LeaseAssignment(worker: Worker("c")).moves(rows: rows, workers: workers("a", "b", "c"))
        #expect(third == [.requestHandoff(shard: "4", from: "a")])
    }

    @Test("only an overdue promise to this worker is taken by force")
    func overdue() {
        let rows = [live("1", "a", next: "b", isOverdue: true), live("2", "a", next: "c", isOverdue: true), live("3", "a", next: "b")]
        #expect(LeaseAssignment(worker: Worker("b")).moves(rows: rows, workers: workers("a", "b", "c")) == [.steal(shard: "1", token: 7)])
    }
}
