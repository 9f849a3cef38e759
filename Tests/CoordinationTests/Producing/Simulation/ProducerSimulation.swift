import Records

@testable import Coordination

/// Runs a producer against a simulated stream under a virtual clock: the same seed gives the same run.
struct ProducerSimulation<Producer: SimulatedProducer> {
    private enum Event {
        case enqueue(SimulatedEntry)
        case finish
        case reshard
        case arrive(RequestID?, [SimulatedEntry], replyAfter: Duration)
        case reply(RequestID, RequestOutcome)
        case listing([Shard]?)
        case wake
    }

    private struct Scheduled: Comparable {
        var time: MonotonicTime
        var order: Int
        var event: Event

        static func < (left: Scheduled, right: Scheduled) -> Bool { (left.time, left.order) < (right.time, right.order) }
        static func == (left: Scheduled, right: Scheduled) -> Bool { left.order == right.order }
    }

    private let scenario: Scenario
    private var producer: Producer
    private var generator: SplitMix64
    private(set) var stream: SimulatedStream
    private var checker: ProducerChecker
    private var events = MinHeap<Scheduled>()
    private var order = 0
    private(set) var now = MonotonicTime.zero
    private var wakeUp: MonotonicTime?
    private var delivered: Set<Item> = []
    private var counted = 0
    private var listings: [(time: MonotonicTime, shards: [Shard])] = []
    private(set) var requests = 0

    init(_ scenario: Scenario, seed: UInt64, producer: Producer) {
        self.scenario = scenario
        self.producer = producer
        generator = SplitMix64(seed: seed)
        stream = SimulatedStream(shards: scenario.shards, quota: scenario.quota, recordFailures: scenario.recordFailures)
        checker = ProducerChecker(limits: scenario.limits)
        listings = [(.zero, stream.shards)]
        scheduleInput()
    }

    mutating func run() -> Set<Violation> {
        poll()
        var steps = 0
        while !producer.isDrained, steps < 200_000, !events.isEmpty {
            steps += 1
            let next = events.removeFirst()
            now = next.time
            handle(next.event)
            poll()
        }
        checker.ended(drained: producer.isDrained, delivered: stream.delivered)
        return checker.violations
    }

    private mutating func scheduleInput() {
        var numbers = [Int](repeating: 0, count: scenario.keys)
        let map = ShardMap(stream.shards)
        let span = scenario.spread.wholeNanoseconds
        for index in 0..<scenario.items {
            let time = MonotonicTime(nanoseconds: span * Int64(index) / Int64(scenario.items))
            var items: [Item] = []
            for _ in 0..<(scenario.aggregates ? Int.random(in: 1...5, using: &generator) : 1) {
                let key = Int.random(in: 0..<scenario.keys, using: &generator)
                let item = Item(key: key, number: numbers[key] + 1)
                guard items.isEmpty || map.shard(of: item.hashKey) == map.shard(of: items[0].hashKey) else { continue }
                numbers[key] += 1
                items.append(item)
            }
            let size = Int.random(in: scenario.sizes, using: &generator)
            schedule(.enqueue(entry(items, size: size, aggregated: scenario.aggregates)), at: time)
        }
        schedule(.finish, at: MonotonicTime(nanoseconds: span))
        for _ in 0..<scenario.reshards { schedule(.reshard, at: MonotonicTime(nanoseconds: .random(in: 0...span + 1, using: &generator))) }
    }

    private mutating func schedule(_ event: Event, at time: MonotonicTime) {
        order += 1
        events.insert(Scheduled(time: time, order: order, event: event))
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .enqueue(let entry):
            try! producer.enqueue(entry, now: now)
            checker.accepted(entry.token)
        case .finish: producer.finish()
        case .reshard:
            stream.reshard(now: now, using: &generator)
            listings.append((now, stream.shards))
        case .arrive(let id, let entries, let replyAfter):
            let outcomes = stream.put(entries, now: now, using: &generator)
            for stored in stream.delivered[counted...] { delivered.formUnion(stored.items) }
            counted = stream.delivered.count
            if let id { schedule(.reply(id, .answered(outcomes)), at: now + replyAfter) }
        case .reply(let id, let outcome):
            checker.returned(id)
            run(producer.completed(id, outcome, now: now))
        case .listing(let shards?): producer.shardMapLoaded(ShardMap(shards), now: now)
        case .listing(nil): producer.shardMapUnavailable(now: now)
        case .wake: wakeUp = nil
        }
    }

    private mutating func poll() {
        run(producer.poll(now: now))
        guard let next = producer.nextWakeUp else { return }
        let time = max(next, now + .nanoseconds(1))
        if wakeUp == nil || time < wakeUp! {
            wakeUp = time
            schedule(.wake, at: time)
        }
    }

    private mutating func run(_ effects: [ProducerEffect<[Item]>]) {
        for effect in effects {
            switch effect {
            case .send(let id, let entries): send(id, entries)
            case .acknowledge(let tokens): checker.acknowledged(tokens.flatMap { $0 }, delivered: delivered)
            case .refreshShardMap: list()
            case .fail(let failure): checker.gaveUp(failure.code)
            }
        }
    }

    private mutating func send(_ id: RequestID, _ entries: [SimulatedEntry]) {
        requests += 1
        checker.sent(id, entries)
        let (there, back) = (latency(), latency())
        guard chance(scenario.requestFailures) else {
            schedule(.arrive(id, entries, replyAfter: back), at: now + there)
            return
        }
        let kinds: [(RequestFailure.Kind, String)] = [(.transient, "timeout"), (.transient, "InternalFailure"), (.throttled, "Throttling")]
        let (kind, code) = kinds[Int.random(in: 0..<3, using: &generator)]
        schedule(.reply(id, .failed(RequestFailure(kind, Failure(code, code)))), at: now + there + back)
        // A request that timed out may have been applied, or may be yet: then its arrival comes after the reply.
        if code == "timeout", chance(0.7) {
            schedule(.arrive(nil, entries, replyAfter: .zero), at: now + there + (chance(0.3) ? back + back : .zero))
        }
    }

    private mutating func list() {
        guard !chance(scenario.listingFailures) else {
            schedule(.listing(nil), at: now + latency())
            return
        }
        let age = Duration.nanoseconds(Int64.random(in: 0...scenario.listingAge.wholeNanoseconds, using: &generator))
        let seen = listings.last { $0.time <= now - age } ?? listings[0]
        schedule(.listing(seen.shards), at: now + latency())
    }

    private mutating func latency() -> Duration {
        let (low, high) = (scenario.latency.lowerBound.wholeNanoseconds, scenario.latency.upperBound.wholeNanoseconds)
        return .nanoseconds(Int64.random(in: low...high, using: &generator))
    }

    private mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &generator) < probability
    }
}
