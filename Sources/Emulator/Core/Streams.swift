import Coordination

/// All streams of one account in one region, without their records.
///
/// Every change answers what has to be stored for it; the shell stores the changes in the order in which they were made.
struct Streams: Sendable {
    let accountID: String
    let region: String
    let stateChangeMilliseconds: Int64
    /// Of streams that are created from now on.
    let retentionMilliseconds: Int64
    private(set) var byName: [String: StreamState] = [:]
    private var nameByID: [Int64: String] = [:]
    private var nextStreamID: Int64 = 1
    private var nextShardKey: Int64 = 1

    /// `restored` and the first free numbers come from the store.
    init(
        accountID: String, region: String, stateChangeMilliseconds: Int64 = 0, retentionMilliseconds: Int64 = 24 * 3_600_000,
        restored: StoredState = StoredState()
    ) {
        self.accountID = accountID
        self.region = region
        self.stateChangeMilliseconds = stateChangeMilliseconds
        self.retentionMilliseconds = retentionMilliseconds
        for stream in restored.streams {
            byName[stream.name] = stream
            nameByID[stream.id] = stream.name
        }
        nextStreamID = restored.nextStreamID
        nextShardKey = restored.nextShardKey
    }

    func arn(_ name: String) -> String { "arn:aws:kinesis:\(region):\(accountID):stream/\(name)" }

    // MARK: Finding

    func stream(_ name: String, at now: Int64) throws(ServiceError) -> StreamState {
        guard let stream = byName[name], stream.status(at: now) != nil else { throw notFound(name) }
        return stream
    }

    /// The stream, if records can be put into it and read from it: AWS knows nothing of streams that are being made or deleted.
    func readyStream(_ name: String, at now: Int64) throws(ServiceError) -> StreamState {
        let stream = try stream(name, at: now)
        switch stream.status(at: now) {
        case .active, .updating: return stream
        case .creating, .deleting, nil: throw notFound(name)
        }
    }

    func readyStream(id: Int64, at now: Int64) -> StreamState? {
        guard let name = nameByID[id] else { return nil }
        return try? readyStream(name, at: now)
    }

    /// Names in the order of ListStreams.
    func names(at now: Int64) -> [String] {
        byName.values.filter { $0.status(at: now) != nil }.map(\.name).sorted()
    }

    func notFound(_ name: String) -> ServiceError {
        .resourceNotFound("Stream \(name) under account \(accountID) not found.")
    }

    // MARK: Control

    mutating func create(
        _ name: String, shardCount: Int, mode: StreamMode, recordKibibytes: Int, settings: StreamSettings = StreamSettings(), at now: Int64
    ) throws(ServiceError) -> [StoreChange] {
        var changes = purge(at: now)
        guard byName[name] == nil else { throw .resourceInUse("Stream \(name) under account \(accountID) already exists.") }
        guard byName.values.count(where: { $0.status(at: now) == .creating }) < Limits.streamsBeingCreated else {
            throw .limitExceeded("Account \(accountID) has \(Limits.streamsBeingCreated) streams in CREATING status, which is the maximum.")
        }
        try TagRules.check(adding: settings.tags, to: [:], of: "stream \(name) under account \(accountID)")
        try checkShardLimit(adding: shardCount)
        let shards = HashRange.all.divided(into: shardCount).enumerated().map { index, range in
            ShardState(
                key: nextShardKey + Int64(index), index: index, parentIndex: nil, adjacentParentIndex: nil, hashRange: range, createdAt: now
            )
        }
        let stream = StreamState(
            id: nextStreamID, name: name, createdAt: now, mode: mode, retentionMilliseconds: retentionMilliseconds,
            recordKibibytes: recordKibibytes, change: .creating, settlesAt: now + stateChangeMilliseconds, nextShardIndex: shardCount,
            settings: settings, shards: shards)
        nextStreamID += 1
        nextShardKey += Int64(shardCount)
        byName[name] = stream
        nameByID[stream.id] = name
        changes.append(.saveStream(stream))
        changes.append(.saveShards(shards, stream: stream.id))
        return changes
    }

    /// `withConsumers`: whether registered consumers are deleted along, or keep the stream from being deleted.
    mutating func delete(_ name: String, withConsumers: Bool = true, at now: Int64) throws(ServiceError) -> [StoreChange] {
        var stream = try stream(name, at: now)
        let consumers = stream.consumers.count { $0.status(at: now) != nil }
        guard withConsumers || consumers == 0 else {
            throw .resourceInUse(
                "Stream \(name) under account \(accountID) has \(consumers) registered consumers. Deregister them first, or set "
                    + "EnforceConsumerDeletion.")
        }
        stream.change = .deleting
        stream.settlesAt = now + stateChangeMilliseconds
        byName[name] = stream
        let purged = purge(at: now)
        return purged.isEmpty ? [.saveStream(stream)] : purged
    }

    /// Splits a shard in two, the second of which starts at `newStart`.
    mutating func split(
        _ name: String, shard id: String, at newStart: HashKey, now: Int64
    ) throws(ServiceError) -> ReshardOutcome {
        let stream = try reshardableStream(name, at: now)
        let parent = try openShard(id, of: stream)
        let range = stream.shards[parent].hashRange
        guard range.start < newStart, newStart <= range.end else {
            throw .invalidArgument(
                "NewStartingHashKey \(newStart) used in SplitShard() on shard \(id) in stream \(name) under account \(accountID) "
                    + "is not both greater than one plus the shard's StartingHashKey \(range.start) and less than the shard's "
                    + "EndingHashKey \(range.end).")
        }
        try checkShardLimit(adding: 1)
        let halves = [HashRange(start: range.start, end: newStart - 1), HashRange(start: newStart, end: range.end)]
        return reshard(name, now: now) { stream, nextKey in
            nextKey += Int64(stream.replace([parent], with: halves, firstKey: nextKey, at: now))
        }
    }

    /// Joins two shards whose hash ranges adjoin.
    mutating func merge(
        _ name: String, shard id: String, adjacent adjacentID: String, now: Int64
    ) throws(ServiceError) -> ReshardOutcome {
        let stream = try reshardableStream(name, at: now)
        let parents = [try openShard(id, of: stream), try openShard(adjacentID, of: stream)]
        let ranges = parents.map { stream.shards[$0].hashRange }.sorted { $0.start < $1.start }
        guard parents[0] != parents[1], ranges[0].end != .max, ranges[0].end + 1 == ranges[1].start else {
            throw .invalidArgument(
                "Shards \(id) and \(adjacentID) in stream \(name) under account \(accountID) are not an adjacent pair of shards eligible for merging"
            )
        }
        return reshard(name, now: now) { stream, nextKey in
            let range = HashRange(start: ranges[0].start, end: ranges[1].end)
            nextKey += Int64(stream.replace(parents, with: [range], firstKey: nextKey, at: now))
        }
    }

    /// Says that the closing of these shards is stored.
    mutating func seal(_ outcome: ReshardOutcome) {
        guard let name = nameByID[outcome.stream] else { return }
        byName[name]?.seal(outcome.closed)
    }

    // MARK: Data

    /// Gives every record a shard and a sequence number, in their order.
    mutating func place(_ keys: [HashKey], into name: String, at now: Int64) throws(ServiceError) -> [Placement] {
        _ = try readyStream(name, at: now)
        // In place: taking the stream out would copy its shards at every put.
        return byName[name]?.place(keys, at: now) ?? []
    }

    /// What retention takes away by now: records, drained shards, and streams whose deletion is done.
    mutating func trim(at now: Int64) -> [StoreChange] {
        var changes = purge(at: now)
        for name in byName.keys {
            let expired = byName[name]?.dropExpired(at: now) ?? []
            if !expired.isEmpty { changes.append(.dropShards(expired)) }
            guard let stream = byName[name] else { continue }
            for shard in stream.shards {
                changes.append(.trim(shard: shard.key, arrivedBefore: now - stream.retentionMilliseconds))
            }
        }
        return changes
    }

    // MARK: Parts

    /// Changes the shards of a stream by `body`, which also moves the number on that the next new shard gets in the store.
    mutating func reshard(_ name: String, now: Int64, _ body: (inout StreamState, inout Int64) -> Void) -> ReshardOutcome {
        guard var stream = byName[name] else { preconditionFailure("the stream was found before") }
        let count = stream.shards.count
        let open = stream.openShards.map(\.key)
        body(&stream, &nextShardKey)
        stream.change = .updating
        stream.settlesAt = now + stateChangeMilliseconds
        byName[name] = stream
        let wasOpen = Set(open)
        let old = stream.shards[..<count].filter { !$0.isOpen && wasOpen.contains($0.key) }
        let new = stream.shards[count...]
        return ReshardOutcome(
            stream: stream.id, closed: (old + new.filter { !$0.isOpen }).map(\.key),
            changes: [.saveStream(stream), .saveShards(old + new, stream: stream.id)])
    }

    /// Changes the settings of a stream that was found before.
    mutating func change(_ name: String, _ body: (inout StreamState) -> Void) -> [StoreChange] {
        guard var stream = byName[name] else { preconditionFailure("the stream was found before") }
        body(&stream)
        byName[name] = stream
        return [.saveStream(stream)]
    }

    /// Throws ResourceInUseException while the stream is not active, ValidationException when its shards are not for clients to change.
    func reshardableStream(_ name: String, at now: Int64) throws(ServiceError) -> StreamState {
        let stream = try activeStream(name, at: now)
        guard stream.mode == .provisioned else {
            throw .validation("Stream \(name) under account \(accountID) is in ON_DEMAND mode, in which its shards cannot be changed.")
        }
        return stream
    }

    func activeStream(_ name: String, at now: Int64) throws(ServiceError) -> StreamState {
        let stream = try stream(name, at: now)
        let status = stream.status(at: now) ?? .deleting
        guard status == .active else {
            throw .resourceInUse("Stream \(name) under account \(accountID) not ACTIVE, instead in state \(status.rawValue)")
        }
        return stream
    }

    private func openShard(_ id: String, of stream: StreamState) throws(ServiceError) -> Int {
        guard let position = stream.position(ofShard: id) else {
            throw .resourceNotFound("Could not find shard \(id) in stream \(stream.name) under account \(accountID).")
        }
        guard stream.shards[position].isOpen else {
            throw .invalidArgument("Shard \(id) in stream \(stream.name) under account \(accountID) is already closed.")
        }
        return position
    }

    func checkShardLimit(adding count: Int) throws(ServiceError) {
        let current = byName.values.reduce(0) { $0 + $1.openShardCount }
        guard count <= Limits.openShards - current else {
            throw .limitExceeded(
                "This request would exceed the shard limit for the account \(accountID) in \(region). Current shard count for the account: "
                    + "\(current). Limit: \(Limits.openShards). Number of additional shards requested: \(count).")
        }
    }

    /// Forgets streams whose deletion is done.
    private mutating func purge(at now: Int64) -> [StoreChange] {
        var changes: [StoreChange] = []
        for stream in byName.values where stream.status(at: now) == nil {
            byName[stream.name] = nil
            nameByID[stream.id] = nil
            changes.append(.deleteStream(stream.id, shards: stream.shards.map(\.key)))
        }
        return changes
    }
}

extension HashRange {
    /// Parts as equal as can be that together are this range, in order.
    func divided(into count: Int) -> [HashRange] {
        guard count > 1 else { return [self] }
        // The size of the whole space does not fit into its own integers: it is one more than `end - start`.
        let (size, remainder) = (end - start).quotientAndRemainder(dividingBy: HashKey(count))
        let step = remainder + 1 == HashKey(count) ? size + 1 : size
        return (0..<count).map { index in
            let first = start + HashKey(index) * step
            return HashRange(start: first, end: index == count - 1 ? end : first + (step - 1))
        }
    }
}
