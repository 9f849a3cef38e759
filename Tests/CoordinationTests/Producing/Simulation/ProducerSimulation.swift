import Records

@testable import Coordination

/// Runs producers against a simulated stream under a virtual clock: the same seed gives the same run.
struct ProducerSimulation<Producer: SimulatedProducer> {
    private enum Event {
        case enqueue(SimulatedEntry)
        case finish
        case reshard
        /// Without a request, the answer goes nowhere.
        case arrive(RequestID?, [SimulatedEntry], replyAfter: Duration)
        case reply(RequestID, RequestOutcome)
        case listing([Shard]?)
        case wake
    }

    private struct Scheduled: Comparable {
        var time: MonotonicTime
        var order: Int
        var writer: Int
        var event: Event

        static func < (left: Scheduled, right: Scheduled) -> Bool { (left.time, left.order) < (right.time, right.order) }
        static func == (left: Scheduled, right: Scheduled) -> Bool { left.order == right.order }
    }

    private struct Writer {
        var producer: Producer
        var checker: ProducerChecker
        var wakeUp: MonotonicTime?
    }

    private let scenario: Scenario
    private var writers: [Writer]
    private var generator: SplitMix64
    private(set) var stream: SimulatedStream
    private var events = MinHeap<Scheduled>()
    private var order = 0
    private(set) var now = MonotonicTime.zero
    private var delivered: Set<Item> = []
    private var counted = 0
    private var listings: [(time: MonotonicTime, shards: [Shard])] = []
    private(set) var requests = 0

    init(_ scenario: Scenario, seed: UInt64, producer: () -> Producer) {
        self.scenario = scenario
        writers = (0..<scenario.writers).map { _ in Writer(producer: producer(), checker: ProducerChecker(limits: scenario.limits)) }
        generator = SplitMix64(seed: seed)
        stream = SimulatedStream(shards: scenario.shards, quota: scenario.quota, recordFailures: scenario.recordFailures)
        listings = [(.zero, stream.shards)]
        for writer in writers.indices { scheduleInput(of: writer) }
        let span = scenario.spread.wholeNanoseconds
        for _ in 0..<scenario.reshards {
            schedule(.reshard, of: 0, at: MonotonicTime(nanoseconds: .random(in: 0...span + 1, using: &generator)))
        }
    }

    mutating func run() -> Set<Violation> {
        for writer in writers.indices { poll(writer) }
        var steps = 0
        while !writers.allSatisfy(\.producer.isDrained), steps < 400_000, !events.isEmpty {
            steps += 1
            let next = events.removeFirst()
            if let end = scenario.end, next.time > end { break }
            now = next.time
            handle(next.event, of: next.writer)
            poll(next.writer)
        }
        for writer in writers.indices {
            writers[writer].checker.ended(
                drained: writers[writer].producer.isDrained, cutOff: scenario.end != nil, delivered: stream.delivered)
        }
        return writers.reduce(into: []) { $0.formUnion($1.checker.violations) }
    }

    private mutating func scheduleInput(of writer: Int) {
        var numbers = [Int](repeating: 0, count: scenario.keys)
        let map = ShardMap(stream.shards)
        let span = scenario.spread.wholeNanoseconds
        let keys = keys(of: writer)
        for index in 0..<scenario.items {
            let time = MonotonicTime(nanoseconds: span * Int64(index) / Int64(scenario.items))
            var items: [Item] = []
            for _ in 0..<(scenario.aggregates ? Int.random(in: 1...5, using: &generator) : 1) {
                let key = Int.random(in: 0..<scenario.keys, using: &generator)
                let item = Item(key: keys[key], number: numbers[key] + 1)
                guard items.isEmpty || map.shard(of: item.hashKey) == map.shard(of: items[0].hashKey) else { continue }
                numbers[key] += 1
                items.append(item)
            }
            let size = Int.random(in: scenario.sizes, using: &generator)
            schedule(.enqueue(entry(items, size: size, aggregated: scenario.aggregates)), of: writer, at: time)
        }
        schedule(.finish, of: writer, at: MonotonicTime(nanoseconds: span))
    }

    /// As many as the scenario says, in the writer's range, and no other writer's.
    private func keys(of writer: Int) -> [Int] {
        let range = scenario.ranges.isEmpty ? .all : scenario.ranges[writer]
        let candidates = (0...).lazy.map { $0 * scenario.writers + writer }.filter { range.contains(Item(key: $0, number: 0).hashKey) }
        return Array(candidates.prefix(scenario.keys))
    }

    private mutating func schedule(_ event: Event, of writer: Int, at time: MonotonicTime) {
        order += 1
        events.insert(Scheduled(time: time, order: order, writer: writer, event: event))
    }

    private mutating func handle(_ event: Event, of writer: Int) {
        switch event {
        case .enqueue(let entry):
            try! writers[writer].producer.enqueue(entry, now: now)
            writers[writer].checker.accepted(entry.token)
        case .finish: writers[writer].producer.finish()
        case .reshard:
            stream.reshard(now: now, using: &generator)
            listings.append((now, stream.shards))
        case .arrive(let id, let entries, let replyAfter):
            let outcomes = stream.put(entries, now: now, using: &generator)
            for stored in stream.delivered[counted...] { delivered.formUnion(stored.items) }
            counted = stream.delivered.count
            if let id { schedule(.reply(id, .answered(outcomes)), of: writer, at: now + replyAfter) }
        case .reply(let id, let outcome):
            writers[writer].checker.returned(id)
            run(writers[writer].producer.completed(id, outcome, now: now), of: writer)
        case .listing(let shards?): writers[writer].producer.shardMapLoaded(ShardMap(shards), now: now)
        case .listing(nil): writers[writer].producer.shardMapUnavailable(now: now)
        case .wake: writers[writer].wakeUp = nil
        }
    }

    private mutating func poll(_ writer: Int) {
        run(writers[writer].producer.poll(now: now), of: writer)
        guard let next = writers[writer].producer.nextWakeUp else { return }
        let time = max(next, now + .nanoseconds(1))
        if writers[writer].wakeUp.map({ time < $0 }) ?? true {
            writers[writer].wakeUp = time
            schedule(.wake, of: writer, at: time)
        }
    }

    private mutating func run(_ effects: [ProducerEffect<[Item]>], of writer: Int) {
        for effect in effects {
            switch effect {
            case .send(let id, let entries): send(id, entries, of: writer)
            case .acknowledge(let tokens): writers[writer].checker.acknowledged(tokens.flatMap { $0 }, delivered: delivered)
            case .refreshShardMap: list(for: writer)
            case .fail(let failure): writers[writer].checker.gaveUp(failure.code)
            }
        }
    }

    private mutating func send(_ id: RequestID, _ entries: [SimulatedEntry], of writer: Int) {
        requests += 1
        writers[writer].checker.sent(id, entries)
        let (there, back) = (latency(), latency())
        guard chance(scenario.requestFailures) else {
            schedule(.arrive(id, entries, replyAfter: back), of: writer, at: now + there)
            return
        }
        let kinds: [(RequestFailure.Kind, String)] = [
            (.transient, "timeout"), (.transient, "InternalFailure"), (.throttled, "Throttling"),
            (.lasting(patience: .seconds(3_600)), "ExpiredTokenException"),
        ]
        let (kind, code) = kinds[Int.random(in: kinds.indices, using: &generator)]
        schedule(.reply(id, .failed(RequestFailure(kind, Failure(code, code)))), of: writer, at: now + there + back)
        // A request that timed out may have been applied, or may be yet: then its arrival comes after the reply.
        if code == "timeout", chance(0.7) {
            schedule(.arrive(nil, entries, replyAfter: .zero), of: writer, at: now + there + (chance(0.3) ? back + back : .zero))
        }
    }

    private mutating func list(for writer: Int) {
        guard !chance(scenario.listingFailures) else {
            schedule(.listing(nil), of: writer, at: now + latency())
            return
        }
        let age = Duration.nanoseconds(Int64.random(in: 0...scenario.listingAge.wholeNanoseconds, using: &generator))
        let seen = listings.last { $0.time <= now - age } ?? listings[0]
        schedule(.listing(seen.shards), of: writer, at: now + latency())
    }

    private mutating func latency() -> Duration {
        let (low, high) = (scenario.latency.lowerBound.wholeNanoseconds, scenario.latency.upperBound.wholeNanoseconds)
        return .nanoseconds(Int64.random(in: low...high, using: &generator))
    }

    private mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &generator) < probability
    }
}
