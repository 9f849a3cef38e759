import Records

@testable import Coordination

/// A producer's state machine with a clock, and its effects sorted by what they are.
struct ProducerFixture {
    struct Request {
        var id: RequestID
        var tokens: [Int]
        var bytes: Int
    }

    var state: ProducerState<Int>
    var now = MonotonicTime.zero
    private(set) var requests: [Request] = []
    private(set) var acknowledged: [Int] = []
    private(set) var refreshes = 0
    private(set) var failure: Failure?

    init(
        shards: Int? = 1, _ change: (inout ProducerLimits) -> Void = { _ in }, isAbandoned: (@Sendable (Int) -> Bool)? = nil
    ) {
        var limits = ProducerLimits()
        change(&limits)
        let split: ProducerState<Int>.Split = { aggregate, _ in
            aggregate.members.map { member in
                try! ProducerEntry(data: [0], partitionKey: "a", explicitHashKey: String(member), members: [member], token: aggregate.token)
            }
        }
        state = ProducerState(limits: limits, seed: 1, split: split, isAbandoned: isAbandoned)
        poll()
        guard let shards else { return }
        state.shardMapLoaded(ShardMap(evenShards(shards)), now: now)
        poll()
    }

    /// Enqueues records whose tokens are `tokens`, by default each with a key of its own.
    mutating func enqueue(_ tokens: some Sequence<Int>, key: String? = nil, size: Int = 10) {
        for token in tokens {
            let key = key ?? "key-\(token)"
            try! state.enqueue(
                ProducerEntry(data: RecordData(repeatElement(0, count: size - key.utf8.count)), partitionKey: key, token: token), now: now)
        }
        poll()
    }

    /// Enqueues a record for the shard with this index of the first map.
    mutating func enqueue(_ token: Int, shard: Int, size: Int? = nil) {
        let data = RecordData(repeatElement(0, count: size.map { $0 - "\(token)".utf8.count } ?? 1))
        let key = ShardMap(evenShards(8)).destinations[shard].range.start
        try! state.enqueue(ProducerEntry(data: data, partitionKey: "\(token)", explicitHashKey: String(key), token: token), now: now)
        poll()
    }

    mutating func advance(_ duration: Duration) {
        now = now + duration
        poll()
    }

    mutating func flush() {
        state.flush()
        poll()
    }

    /// Answers the oldest request: `outcome` says what becomes of each token.
    mutating func answer(_ outcome: (Int) -> RecordOutcome = { _ in .stored(shard: "s0") }) {
        let request = requests.removeFirst()
        run(state.completed(request.id, .answered(request.tokens.map(outcome)), now: now))
        poll()
    }

    mutating func fail(_ kind: RequestFailure.Kind, retryAfter: Duration? = nil) {
        let request = requests.removeFirst()
        let what = RequestFailure(kind, Failure("broken", "It is broken"), retryAfter: retryAfter)
        run(state.completed(request.id, .failed(what), now: now))
        poll()
    }

    mutating func poll() {
        run(state.poll(now: now))
    }

    private mutating func run(_ effects: [ProducerEffect<Int>]) {
        for effect in effects {
            switch effect {
            case .send(let id, let entries):
                requests.append(Request(id: id, tokens: entries.map(\.token), bytes: entries.reduce(0) { $0 + $1.size }))
            case .acknowledge(let tokens): acknowledged += tokens
            case .refreshShardMap: refreshes += 1
            case .fail(let failure): self.failure = failure
            }
        }
    }
}

let throttled = RecordOutcome.failed(code: "ProvisionedThroughputExceededException", message: "Rate exceeded for shard.")
let internalFailure = RecordOutcome.failed(code: "InternalFailure", message: "Internal service failure.")
