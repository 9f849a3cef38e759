import Coordination
import Kinesis
import Leasing
import Records
import Synchronization

/// A stream in memory: iterators are `shard/index`, sequence numbers grow over all shards.
final class FakeStream: StreamReading {
    private struct State {
        var shards: [Shard] = []
        var records: [String: [KinesisRecord]] = [:]
        var children: [String: [Shard]] = [:]
        var sequence: UInt64 = 100
        /// Errors and empty pages that the next reads meet, in turn.
        var troubles: [Trouble] = []
        var iteratorStarts: [IteratorStart] = []
        /// Errors that the next requests for an iterator meet, in turn.
        var iteratorTroubles: [KinesisError.Kind] = []
        var namesChildren = true
        var reads = 0
        /// Shards that listings leave out, and that replies do not name as children.
        var hidden: Set<String> = []
        var createdAt = FakeStream.servedAt
        var listings = 0
        var subscriptions = 0
    }

    enum Trouble: Sendable {
        case error(KinesisError.Kind)
        /// A page without records although there are some.
        case emptyPage
    }

    static let servedAt: Int64 = 1_700_000_000_000
    private let state = Mutex(State())
    private let gate = Mutex<Latch?>(nil)
    /// Records that a page has at most.
    private let pageSize: Int

    init(shards: [String], pageSize: Int = 3) {
        self.pageSize = pageSize
        for shard in shards { add(shard, parents: []) }
    }

    var iteratorStarts: [IteratorStart] { state.withLock { $0.iteratorStarts } }
    var reads: Int { state.withLock { $0.reads } }
    var subscriptions: Int { state.withLock { $0.subscriptions } }

    /// Puts records whose data are these numbers.
    func put(_ numbers: some Sequence<UInt8>, to shard: String) {
        state.withLock { state in
            for number in numbers {
                state.sequence += 1
                state.records[shard, default: []].append(
                    KinesisRecord(
                        data: [number], partitionKey: "k", sequenceNumber: SequenceNumber(state.sequence), arrivedAt: Self.servedAt))
            }
        }
    }

    /// Closes the parents and opens a child: a merge where there are two of them.
    func add(_ shard: String, parents: [String]) {
        state.withLock { state in
            let child = Shard(
                id: shard, parent: parents.first, adjacentParent: parents.dropFirst().first, hashRange: .all,
                startingSequence: SequenceNumber(state.sequence))
            state.shards.append(child)
            state.records[shard] = []
            for index in state.shards.indices where parents.contains(state.shards[index].id) {
                state.shards[index].endingSequence = SequenceNumber(state.sequence)
            }
            for parent in parents { state.children[parent, default: []].append(child) }
        }
    }

    /// Iterators are given once the latch is open.
    func holdIterators(until latch: Latch) { gate.withLock { $0 = latch } }

    /// The shard is there, but neither listings nor its parents' last replies tell of it.
    func hide(_ shard: String) { state.withLock { _ = $0.hidden.insert(shard) } }

    /// Listings lag behind no more.
    func reveal() { state.withLock { $0.hidden = [] } }

    /// Retention trims the shard away.
    func trim(_ shard: String) {
        state.withLock { state in
            state.shards.removeAll { $0.id == shard }
            state.records[shard] = nil
        }
    }

    /// Deletes the stream and creates another one under its name.
    func recreate(shards: [String]) {
        state.withLock { state in
            let (createdAt, reads) = (state.createdAt + 1, state.reads)
            state = State()
            (state.createdAt, state.reads) = (createdAt, reads)
        }
        for shard in shards { add(shard, parents: []) }
    }

    var listings: Int { state.withLock { $0.listings } }

    func trouble(_ troubles: Trouble...) { state.withLock { $0.troubles += troubles } }
    func troubleIterators(_ kinds: KinesisError.Kind...) { state.withLock { $0.iteratorTroubles += kinds } }
    /// The last page of a closed shard does not say what comes after it, as with some other servers.
    func hideChildren() { state.withLock { $0.namesChildren = false } }

    func describeStreamSummary(_ stream: StreamIdentifier) async throws(KinesisError) -> StreamSummary {
        state.withLock { state in
            StreamSummary(
                name: stream.name, arn: "arn:aws:kinesis:us-east-1:000000000000:stream/\(stream.name)", status: .active,
                createdAt: state.createdAt, openShards: state.shards.count { state.children[$0.id] == nil })
        }
    }

    func shardListing(_ stream: StreamIdentifier, filter: ShardFilter?) async throws(KinesisError) -> ShardListing {
        state.withLock { state in
            state.listings += 1
            return ShardListing(shards: state.shards.filter { !state.hidden.contains($0.id) }, servedAt: Self.servedAt)
        }
    }

    func shardIterator(_ stream: StreamIdentifier, shard: String, at start: IteratorStart) async throws(KinesisError) -> String {
        let refusal = state.withLock { $0.iteratorTroubles.isEmpty ? nil : $0.iteratorTroubles.removeFirst() }
        if let refusal {
            throw KinesisError(refusal, code: refusal.rawValue, message: "as scripted", operation: "GetShardIterator")
        }
        let isThere = state.withLock { state in
            state.iteratorStarts.append(start)
            return state.records[shard] != nil
        }
        await gate.withLock { $0 }?.wait()
        guard isThere else {
            throw KinesisError(.notFound, code: "ResourceNotFoundException", message: "no such shard", operation: "GetShardIterator")
        }
        return state.withLock { state in
            let records = state.records[shard, default: []]
            let index =
                switch start {
                case .trimHorizon: 0
                case .latest: records.count
                case .at(let sequence): records.firstIndex { $0.sequenceNumber >= sequence } ?? records.count
                case .after(let sequence): records.firstIndex { $0.sequenceNumber > sequence } ?? records.count
                case .timestamp(let time): records.firstIndex { $0.arrivedAt >= time } ?? records.count
                }
            return "\(shard)/\(index)"
        }
    }

    /// As fast as a test can read.
    func readPace(_ stream: StreamIdentifier, shard: String) -> SharedReadPace {
        SharedReadPace(ReadPace.Limits(callsPerSecond: 1_000_000, bytesPerSecond: 1e12))
    }

    /// The records behind `start` in events of a page each, then more as they come; ends at the shard's end.
    func subscribe(
        _ consumer: StreamConsumer, _ stream: StreamIdentifier, shard: String, at start: IteratorStart, opened: () -> Void,
        receive: (ShardEvent) async -> Bool
    ) async throws(KinesisError) {
        let refusal: KinesisError.Kind? = state.withLock { state in
            state.subscriptions += 1
            guard case .error(let kind)? = state.troubles.first else { return nil }
            state.troubles.removeFirst()
            return kind
        }
        if let refusal { throw KinesisError(refusal, code: refusal.rawValue, message: "as scripted", operation: "SubscribeToShard") }
        var iterator = try await shardIterator(stream, shard: shard, at: start)
        opened()
        while !Task.isCancelled {
            let page = try await getRecords(iterator, limit: pageSize, stream: stream)
            let isEnd = page.nextIterator == nil
            if isEnd || !page.records.isEmpty {
                let last = page.records.last?.sequenceNumber ?? SequenceNumber(1)
                let event = ShardEvent(
                    records: page.records, continuation: isEnd ? nil : last, millisBehindLatest: page.millisBehindLatest,
                    childShards: page.childShards)
                guard await receive(event), !isEnd else { return }
            }
            iterator = page.nextIterator ?? iterator
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    func getRecords(_ iterator: String, limit: Int, stream: StreamIdentifier) async throws(KinesisError) -> GetRecordsReply {
        let trouble: Trouble? = state.withLock { state in
            state.reads += 1
            return state.troubles.isEmpty ? nil : state.troubles.removeFirst()
        }
        if case .error(let kind) = trouble {
            throw KinesisError(kind, code: kind.rawValue, message: "as scripted", operation: "GetRecords")
        }
        return state.withLock { state in
            let parts = iterator.split(separator: "/")
            let (shard, start) = (String(parts[0]), Int(parts[1]) ?? 0)
            let records = state.records[shard, default: []]
            if case .emptyPage = trouble {
                return GetRecordsReply(records: [], nextIterator: iterator, millisBehindLatest: 5_000, childShards: [])
            }
            let page = Array(records[start...].prefix(min(limit, pageSize)))
            let end = start + page.count
            let children = end == records.count ? state.children[shard, default: []] : []
            return GetRecordsReply(
                records: page, nextIterator: children.isEmpty ? "\(shard)/\(end)" : nil,
                millisBehindLatest: end == records.count ? 0 : 1_000,
                childShards: state.namesChildren ? children.filter { !state.hidden.contains($0.id) } : [])
        }
    }
}
