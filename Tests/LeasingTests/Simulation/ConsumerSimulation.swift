import Coordination
import Records

@testable import Checkpoints

/// Several workers that read one stream through one store under a virtual clock: the same seed gives the same run.
///
/// The decisions are those of `ConsumerState`, `HeldLeases`, `Watermark` and the store's own rules; what is simulated is everything around
/// them: time, calls that take time, fail or lose their answers, and processes that stop, die and come back.
struct ConsumerSimulation {
    typealias Action = (inout ConsumerSimulation) -> Void

    struct Scenario {
        var shards = 4
        var keys = 12
        /// Faults and reshards happen until then; records come for a minute more.
        var faultsEnd = Duration.seconds(360)
        var end = Duration.seconds(720)
        var deaths = true
        var pauses = true
        var outages = true
        var forgets = false
        var joinsAndLeaves = true
        var limits = false
        /// Records that came before the group are not for it.
        var beginsLate = false
        var mutation = Mutation.none
    }

    private struct Scheduled: Comparable {
        var time: MonotonicTime
        var order: Int
        var worker: Int?
        var action: Action

        static func < (left: Scheduled, right: Scheduled) -> Bool { (left.time, left.order) < (right.time, right.order) }
        static func == (left: Scheduled, right: Scheduled) -> Bool { left.order == right.order }
    }

    static let session = Duration.seconds(60)
    static let heartbeat = Duration.seconds(15)

    let scenario: Scenario
    private(set) var now = MonotonicTime.zero
    var random: SplitMix64
    var stream: SimulatedShards
    var table = LeaseTableState()
    var workers: [Int: SimulatedWorker] = [:]
    var checker: ConsumerChecker
    let start: GroupStart
    /// The store answers nobody until then.
    var isDownUntil = MonotonicTime.zero
    var forgotAt: MonotonicTime?
    private var listings: [(time: MonotonicTime, shards: [Shard])] = []
    private var queue: [Scheduled] = []
    private var order = 0
    private var names = 0

    init(_ scenario: Scenario, seed: UInt64) {
        self.scenario = scenario
        random = SplitMix64(seed: seed)
        stream = SimulatedShards(shards: scenario.shards)
        let since: Int64 = scenario.beginsLate ? 10_000 : 0
        checker = ConsumerChecker(since: since)
        start = GroupStart(position: scenario.beginsLate ? .timestamp(since) : .trimHorizon)
        listings = [(.zero, stream.listing)]
    }

    /// Lets other tests have their turn now and then.
    mutating func run() async -> Set<Violation> {
        schedulePuts()
        scheduleFaults()
        for delay in 0..<2 { after(.seconds(scenario.beginsLate ? 12 + delay : delay)) { $0.join() } }
        let end = MonotonicTime.zero + scenario.end
        while let next = popFirst(), next.time <= end {
            now = next.time
            if next.order.isMultiple(of: 256) { await Task.yield() }
            guard let index = next.worker else {
                next.action(&self)
                continue
            }
            guard let worker = workers[index] else { continue }
            // What comes in for a process that is stopped is there when it goes on.
            if worker.pausedUntil > now {
                insert(Scheduled(time: worker.pausedUntil, order: next.order, worker: index, action: next.action))
            } else {
                next.action(&self)
            }
        }
        checker.ended(stream, rows)
        return checker.violations
    }

    var rows: [Lease] { table.leases(at: moment) }
    var moment: LeaseMoment { LeaseMoment(now: now.nanoseconds / 1_000_000, microseconds: now.nanoseconds / 1_000) }

    // MARK: The world

    private mutating func schedulePuts() {
        let end = scenario.faultsEnd + .seconds(60)
        for milliseconds in stride(from: 0, to: end.wholeMilliseconds, by: 400) {
            let key = Int.random(in: 0..<scenario.keys, using: &random)
            after(.milliseconds(milliseconds)) { $0.stream.put(key: key, at: milliseconds) }
        }
    }

    private mutating func scheduleFaults() {
        let end = scenario.faultsEnd.wholeMilliseconds
        // Whatever the limits of the others are, this one has room.
        after(scenario.faultsEnd) { $0.join(isLimited: false) }
        for _ in 0..<8 { at(random: 20_000..<end) { $0.reshard() } }
        if scenario.joinsAndLeaves {
            for _ in 0..<3 { at(random: 20_000..<end) { if $0.workers.count < 5 { $0.join() } } }
            for _ in 0..<2 { at(random: 40_000..<end) { simulation in if simulation.workers.count > 1 { simulation.leaveAny() } } }
        }
        if scenario.deaths {
            for _ in 0..<3 {
                at(random: 20_000..<end) { simulation in
                    if let victim = simulation.anyWorker { simulation.workers[victim] = nil }
                    let delay = Duration.milliseconds(Int64.random(in: 0...90_000, using: &simulation.random))
                    simulation.after(delay) { $0.join() }
                }
            }
        }
        if scenario.pauses {
            for _ in 0..<5 {
                at(random: 20_000..<end) { simulation in
                    guard let victim = simulation.anyWorker else { return }
                    let pause = Duration.milliseconds(Int64.random(in: 1_000...120_000, using: &simulation.random))
                    simulation.workers[victim]!.pausedUntil = simulation.now + pause
                }
            }
        }
        if scenario.outages {
            for _ in 0..<2 {
                at(random: 20_000..<end) { simulation in
                    simulation.isDownUntil = simulation.now + .milliseconds(Int64.random(in: 1_000...70_000, using: &simulation.random))
                }
            }
        }
        if scenario.forgets {
            at(random: 60_000..<end) { simulation in
                simulation.table = LeaseTableState()
                simulation.forgotAt = simulation.now
            }
        }
    }

    private mutating func at(random range: Range<Int64>, _ action: @escaping Action) {
        after(.milliseconds(Int64.random(in: range, using: &random)), action: action)
    }

    private mutating func reshard() {
        stream.reshard(using: &random)
        listings.append((now, stream.listing))
    }

    /// ListShards may lag behind.
    mutating func listing() -> [Shard] {
        let age = Duration.milliseconds(Int64.random(in: 0...4_000, using: &random))
        return (listings.last { $0.time <= now - age } ?? listings[0]).shards
    }

    var anyWorker: Int? {
        mutating get { workers.keys.sorted().randomElement(using: &random) }
    }

    private mutating func leaveAny() {
        let candidates = workers.keys.sorted().filter { !workers[$0]!.isLeaving }
        if candidates.count > 1, let index = candidates.randomElement(using: &random) { leave(index) }
    }

    mutating func join(isLimited: Bool = true) {
        names += 1
        let limit = scenario.limits && isLimited && Bool.random(using: &random) ? Int.random(in: 4...8, using: &random) : nil
        let me = Worker("w\(100 + names)", capacity: limit)
        var consumer = ConsumerState(worker: me, start: start.position, heartbeat: Self.heartbeat, discoveryInterval: .seconds(60))
        consumer.listed(listing(), at: now)
        workers[names] = SimulatedWorker(me: me, consumer: consumer)
        let index = names
        for (delay, action) in [(0, { $0.look(index) }), (15_000, { $0.renew(index) }), (1_000, { $0.tick(index) })] as [(Int64, Action)] {
            after(.milliseconds(delay), for: index, action: action)
        }
    }

    // MARK: Time and calls

    mutating func after(_ delay: Duration, for worker: Int? = nil, action: @escaping Action) {
        order += 1
        insert(Scheduled(time: now + delay, order: order, worker: worker, action: action))
    }

    mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &random) < probability }

    mutating func milliseconds(_ range: ClosedRange<Int64>) -> Duration { .milliseconds(Int64.random(in: range, using: &random)) }

    /// A call of the store, which may be applied without being answered: then the worker gives it up after five seconds.
    mutating func call<Answer>(
        _ worker: Int, _ body: @escaping (inout ConsumerSimulation) -> Answer,
        then: @escaping (inout ConsumerSimulation, Answer?) -> Void
    ) {
        let (there, back) = (milliseconds(1...40), milliseconds(1...40))
        let mayFail = scenario.outages && now < .zero + scenario.faultsEnd
        let isLost = mayFail && chance(0.01)
        // Some calls arrive long after their sender has given them up.
        let isLate = mayFail && chance(0.01)
        if isLost || isLate { after(.seconds(5), for: worker) { then(&$0, nil) } }
        after(isLate ? milliseconds(6_000...100_000) : there) { simulation in
            guard simulation.isDownUntil <= simulation.now else {
                if !isLost, !isLate { simulation.after(.seconds(5), for: worker) { then(&$0, nil) } }
                return
            }
            let answer = body(&simulation)
            if !isLost, !isLate { simulation.after(back, for: worker) { then(&$0, answer) } }
        }
    }

    private mutating func insert(_ event: Scheduled) {
        queue.append(event)
        var child = queue.count - 1
        while child > 0, queue[child] < queue[(child - 1) / 2] {
            queue.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func popFirst() -> Scheduled? {
        guard let first = queue.first else { return nil }
        let last = queue.removeLast()
        guard !queue.isEmpty else { return first }
        queue[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < queue.count && queue[child] < queue[least] { least = child }
            if least == parent { return first }
            queue.swapAt(parent, least)
            parent = least
        }
    }
}
