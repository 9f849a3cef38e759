public import Records

/// Decides which records of a stream's producer are sent when: batches, order, pacing, retries. Pure: it is told the time and every outcome.
///
/// Records wait in *lanes*, one for each open shard, and within a lane in *chains*, one for each key. A lane is idle (nothing to send),
/// eligible (its oldest record is queued among the lanes), blocked until a moment (pace or backoff), or under way. The head of a chain stays
/// in its place until it is stored, so a refused record goes before the later ones of its key and holds back nothing else.
///
/// After every event, run the effects that it returns, then those of `poll`, and poll again at `nextWakeUp`.
public struct ProducerState<Token: Sendable>: Sendable {
    /// Turns an aggregate into entries of which each belongs to one shard of the map; without a map, into entries of one member each.
    public typealias Split = @Sendable (ProducerEntry<Token>, ShardMap?) -> [ProducerEntry<Token>]

    let limits: ProducerLimits
    let split: Split
    let isAbandoned: (@Sendable (Token) -> Bool)?
    var jitter: SplitMix64

    var shards = ShardMapState()
    /// The open shards, as far as they are known.
    public var shardMap: ShardMap? { shards.map }

    /// The last one is for records whose shard is unknown.
    var lanes: [ProducerLane]
    /// Slots of chains; those in `freeChains` are empty.
    var chains: [ProducerChain<Token>] = []
    var freeChains: [Int] = []
    var chainOfKey: [ChainKey: Int] = [:]
    /// Eligible lanes by their oldest record. An entry counts only while the lane's `queuedAt` is the same; the first one always does.
    var eligibleLanes = MinHeap<QueuedLane>()
    var eligibleRecords = 0
    var eligibleBytes = 0
    var timers = MinHeap<ProducerTimer>()
    var requests: [RequestID: SentRequest] = [:]
    /// Of `requests`.
    var bytesInFlight = 0

    /// Aggregates that a new map has shown to be where they belong.
    var judged: [Token] = []
    /// Requests have failed for a lasting reason from then on, and nothing was stored since.
    var lastingSince: MonotonicTime?

    var nextSequence: UInt64 = 0
    var nextRequest: UInt64 = 0
    /// Records that came before this one are due whatever their deadline.
    var flushedBefore: UInt64 = 0
    /// `finish` was called.
    public internal(set) var isFinishing = false
    /// Why the producer has ended.
    public internal(set) var failure: Failure?

    /// Records accepted and not yet acknowledged.
    public internal(set) var pendingRecords = 0
    /// Their bytes, data and partition keys.
    public internal(set) var pendingBytes = 0
    /// What has been done so far.
    public internal(set) var statistics = ProducerStatistics()

    /// A producer that has yet to learn the stream's shards and sends nothing before. `seed` decides the jitter of its backoff.
    ///
    /// - Parameter isAbandoned: Whether a record must not be written any more; asked whenever it would be sent. It is acknowledged unsent then.
    public init(
        limits: ProducerLimits, seed: UInt64, split: @escaping Split = { entry, _ in [entry] },
        isAbandoned: (@Sendable (Token) -> Bool)? = nil
    ) {
        precondition(limits.batchSize > 0 && limits.maxInFlight > 0 && limits.recordBytes <= limits.requestBytes)
        self.limits = limits
        self.split = split
        self.isAbandoned = isAbandoned
        jitter = SplitMix64(seed: seed)
        lanes = [ProducerLane()]
    }

    /// Accepts a record; bounding `pendingRecords` and `pendingBytes` is the caller's part.
    public mutating func enqueue(_ entry: ProducerEntry<Token>, now: MonotonicTime) throws(ProducerError) {
        if let failure { throw .failed(failure) }
        guard !isFinishing else { throw .finished }
        guard entry.size <= limits.recordBytes else { throw .recordTooLarge(bytes: entry.size, limit: limits.recordBytes) }
        pendingRecords += 1
        pendingBytes += entry.size
        let pending = PendingEntry(entry: entry, sequence: nextSequence, deadline: now + limits.bufferTime)
        appendParts(of: pending)
        nextSequence += 1
    }

    /// Makes everything that has been accepted due now.
    public mutating func flush() {
        flushedBefore = nextSequence
    }

    /// Accepts no more records and makes everything due now.
    public mutating func finish() {
        isFinishing = true
        flush()
    }

    /// Told to finish, and every record is stored.
    public var isDrained: Bool { isFinishing && pendingRecords == 0 && requests.isEmpty }

    /// More records could be under way than there are: nothing is, or fewer wait than there are shards.
    public var isShortOfRecords: Bool { requests.isEmpty || pendingRecords < (shardMap?.destinations.count ?? 1) }

    /// The share of its limits at which each shard is written to, where it is not the whole.
    public var reducedShards: [(shard: String, factor: Double)] {
        lanes.compactMap { lane in
            guard let shard = lane.shard?.shard, let factor = lane.pace?.factor, factor < 1 else { return nil }
            return (shard, factor)
        }
    }

    /// The shard that is written to the most below its limits; nil while none has throttled lately.
    public var slowestShard: (id: String, factor: Double)? {
        let slowest = lanes.min { ($0.pace?.factor ?? 1) < ($1.pace?.factor ?? 1) }
        guard let slowest, let shard = slowest.shard, let factor = slowest.pace?.factor, factor < 1 else { return nil }
        return (shard.shard, factor)
    }

    /// When to poll again if nothing happens before; nil when only an event can change anything. It may lie in the past: then now.
    public var nextWakeUp: MonotonicTime? {
        guard failure == nil else { return nil }
        guard judged.isEmpty else { return .zero }
        var earliest = earlier(timers.first?.time, shards.refreshTime)
        if maySend, mayStartRequest, let oldest = oldestEligible {
            earliest = earlier(earliest, isFull || oldest.sequence < flushedBefore ? .zero : oldest.deadline)
        }
        return earliest
    }

    /// Requests are held back until the first listing of shards has come or failed, and while a new one waits to be put to use.
    var maySend: Bool { shards.isSettled && shards.staged == nil }

    /// Not as many requests or bytes are under way as may be.
    var mayStartRequest: Bool {
        requests.isEmpty || requests.count < limits.maxInFlight && bytesInFlight < limits.inFlightBytes
    }

    /// There is enough for a request.
    var isFull: Bool { eligibleRecords >= limits.batchSize || eligibleBytes >= min(limits.enoughBytes, limits.requestBytes) }

    /// The oldest record that could be sent.
    var oldestEligible: ProducerLane.Place? {
        eligibleLanes.first.flatMap { lanes[$0.lane].ready.first }
    }
}

private func earlier(_ left: MonotonicTime?, _ right: MonotonicTime?) -> MonotonicTime? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
}

/// An eligible lane, by its oldest record.
struct QueuedLane: Comparable, Sendable {
    var sequence: UInt64
    var lane: Int

    static func < (left: QueuedLane, right: QueuedLane) -> Bool { left.sequence < right.sequence }
}

/// A moment at which a lane or a chain stops being blocked; stale when that has another moment by then.
struct ProducerTimer: Comparable, Sendable {
    enum Subject: Sendable, Equatable {
        case lane(Int)
        case chain(Int)
    }

    var time: MonotonicTime
    var subject: Subject

    static func < (left: ProducerTimer, right: ProducerTimer) -> Bool { left.time < right.time }
}

/// A request under way: its records are the heads of these chains.
struct SentRequest: Sendable {
    var chains: [Int]
    var lanes: [Int]
    var bytes: Int
}
