import Coordination

/// What a stream is doing (AWS: StreamDescription, StreamStatus).
enum StreamStatus: String, Sendable, Hashable {
    case creating = "CREATING"
    case active = "ACTIVE"
    case updating = "UPDATING"
    case deleting = "DELETING"
}

/// How a stream's capacity is set (AWS: StreamModeDetails).
enum StreamMode: String, Sendable, Hashable, CaseIterable {
    case provisioned = "PROVISIONED"
    case onDemand = "ON_DEMAND"
}

/// A stream: its settings, its shards and how partition keys find them.
struct StreamState: Sendable, Hashable {
    /// Tells a stream from an earlier one of the same name.
    let id: Int64
    let name: String
    /// Milliseconds since 1970.
    let createdAt: Int64
    var mode: StreamMode
    var retentionMilliseconds: Int64
    /// Data and partition key of a record, in KiB.
    var recordKibibytes: Int
    /// What the stream is doing until `settlesAt`; after it, a stream is active, or gone if it was being deleted.
    var change: StreamStatus
    /// Milliseconds since 1970.
    var settlesAt: Int64
    var nextShardIndex: Int
    var settings: StreamSettings
    var consumers: [ConsumerState]
    /// In the order of their indices; those that retention has emptied are gone.
    private(set) var shards: [ShardState]
    /// Positions in `shards` of the open ones, in the order of their hash ranges, which cover the whole space.
    private var open: [Int] = []

    init(
        id: Int64, name: String, createdAt: Int64, mode: StreamMode, retentionMilliseconds: Int64, recordKibibytes: Int,
        change: StreamStatus, settlesAt: Int64, nextShardIndex: Int, settings: StreamSettings = StreamSettings(),
        consumers: [ConsumerState] = [], shards: [ShardState]
    ) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.mode = mode
        self.retentionMilliseconds = retentionMilliseconds
        self.recordKibibytes = recordKibibytes
        self.change = change
        self.settlesAt = settlesAt
        self.nextShardIndex = nextShardIndex
        self.settings = settings
        self.consumers = consumers
        self.shards = shards
        indexOpenShards()
    }

    /// Nil when the stream has been deleted.
    func status(at now: Int64) -> StreamStatus? {
        guard now >= settlesAt else { return change }
        return change == .deleting ? nil : .active
    }

    var openShardCount: Int { open.count }
    /// In the order of their hash ranges.
    var openShards: [ShardState] { open.map { shards[$0] } }
    var recordBytes: Int { recordKibibytes << 10 }
    /// Rounded up: the API knows hours alone.
    var retentionHours: Int { Int((retentionMilliseconds + 3_599_999) / 3_600_000) }

    /// The oldest moment of which records can be read: milliseconds since 1970.
    func horizon(at now: Int64) -> Int64 { max(createdAt, now - retentionMilliseconds) }

    func position(ofShard id: String) -> Int? {
        guard let index = ShardState.index(id) else { return nil }
        let position = shards.firstPosition { $0.index >= index }
        return position < shards.count && shards[position].index == index ? position : nil
    }

    /// Keys grow with indices, as both are given in the order of creation.
    func shard(key: Int64) -> ShardState? {
        let position = shards.firstPosition { $0.key >= key }
        return position < shards.count && shards[position].key == key ? shards[position] : nil
    }

    func children(of shard: ShardState) -> [ShardState] {
        shards.filter { $0.isChild(of: shard.index) }
    }

    /// The position of the open shard that owns the key.
    func route(_ key: HashKey) -> Int {
        open[open.firstPosition { shards[$0].hashRange.end >= key }]
    }

    /// Gives each key the next sequence number of the shard that owns it.
    mutating func place(_ keys: [HashKey], at now: Int64) -> [Placement] {
        keys.map { key in
            let position = route(key)
            let counter = shards[position].nextCounter
            shards[position].nextCounter = counter + 1
            shards[position].lastArrival = max(now, shards[position].lastArrival)
            let shard = shards[position]
            return Placement(shardKey: shard.key, sequences: shard.sequences, counter: counter, arrivedAt: shard.lastArrival)
        }
    }

    /// Closes `parents`, whose hash ranges adjoin, and opens shards of `ranges` in their place, which together are the same. Answers how many.
    @discardableResult
    mutating func replace(_ parents: [Int], with ranges: [HashRange], firstKey: Int64, at now: Int64) -> Int {
        let moment = parents.reduce(now) { max($0, shards[$1].createdAt + 1) }
        for parent in parents {
            shards[parent].closure = .init(closedAt: moment, endingCounter: shards[parent].nextCounter, isSealed: false)
        }
        let indices = parents.map { shards[$0].index }
        let children = ranges.enumerated().map { offset, range in
            ShardState(
                key: firstKey + Int64(offset), index: nextShardIndex + offset, parentIndex: indices[0],
                adjacentParentIndex: indices.count > 1 ? indices[1] : nil, hashRange: range, createdAt: moment)
        }
        nextShardIndex += children.count
        let first = open.firstPosition { shards[$0].hashRange.end >= ranges[0].start }
        open.replaceSubrange(first..<first + parents.count, with: shards.count..<shards.count + children.count)
        shards += children
        return children.count
    }

    /// The stream as it was before its shards last changed, as far as what shards say of themselves goes.
    var beforeLastReshard: StreamState {
        guard let moment = shards.lazy.filter({ $0.parentIndex != nil }).map(\.createdAt).max() else { return self }
        var earlier = self
        earlier.shards.removeAll { $0.parentIndex != nil && $0.createdAt == moment }
        for position in earlier.shards.indices where earlier.shards[position].closure?.closedAt == moment {
            earlier.shards[position].closure = nil
        }
        earlier.indexOpenShards()
        return earlier
    }

    /// Says that the closing of these shards is stored.
    mutating func seal(_ keys: [Int64]) {
        for key in keys {
            let position = shards.firstPosition { $0.key >= key }
            guard position < shards.count, shards[position].key == key else { continue }
            shards[position].closure?.isSealed = true
        }
    }

    /// Drops closed shards whose records are all past retention; answers their keys.
    mutating func dropExpired(at now: Int64) -> [Int64] {
        let cutoff = now - retentionMilliseconds
        let expired = shards.filter { $0.closure.map { $0.isSealed && $0.closedAt < cutoff } ?? false }.map(\.key)
        guard !expired.isEmpty else { return [] }
        shards.removeAll { expired.contains($0.key) }
        indexOpenShards()
        return expired
    }

    private mutating func indexOpenShards() {
        open = shards.indices.filter { shards[$0].isOpen }.sorted { shards[$0].hashRange.start < shards[$1].hashRange.start }
    }
}

/// Where a record was put.
struct Placement: Sendable, Hashable {
    var shardKey: Int64
    var sequences: SequenceSpace
    var counter: Int64
    /// Milliseconds since 1970.
    var arrivedAt: Int64
}

/// What became of the shards of a stream.
struct ReshardOutcome: Sendable {
    /// The stream's id.
    var stream: Int64
    /// Keys of the shards that were closed.
    var closed: [Int64]
    var changes: [StoreChange]
}
