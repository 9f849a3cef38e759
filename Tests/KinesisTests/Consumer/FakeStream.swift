import Coordination
import Kinesis
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
        var reads = 0
    }

    enum Trouble: Sendable {
        case error(KinesisError.Kind)
        /// A page without records although there are some.
        case emptyPage
    }

    static let servedAt: Int64 = 1_700_000_000_000
    private let state = Mutex(State())
    /// Records that a page has at most.
    private let pageSize: Int

    init(shards: [String], pageSize: Int = 3) {
        self.pageSize = pageSize
        for shard in shards { add(shard, parents: []) }
    }

    var iteratorStarts: [IteratorStart] { state.withLock { $0.iteratorStarts } }
    var reads: Int { state.withLock { $0.reads } }

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
            for parent in parents { state.children[parent, default: []].append(child) }
        }
    }

    func trouble(_ troubles: Trouble...) { state.withLock { $0.troubles += troubles } }

    func describeStreamSummary(_ stream: StreamIdentifier) async throws(KinesisError) -> StreamSummary {
        state.withLock { state in
            StreamSummary(
                name: stream.name, arn: "arn:aws:kinesis:us-east-1:000000000000:stream/\(stream.name)", status: .active,
                createdAt: Self.servedAt, openShards: state.shards.count { state.children[$0.id] == nil })
        }
    }

    func shardListing(_ stream: StreamIdentifier, filter: ShardFilter?) async throws(KinesisError) -> ShardListing {
        state.withLock { ShardListing(shards: $0.shards, servedAt: Self.servedAt) }
    }

    func shardIterator(_ stream: StreamIdentifier, shard: String, at start: IteratorStart) async throws(KinesisError) -> String {
        state.withLock { state in
            state.iteratorStarts.append(start)
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
                millisBehindLatest: end == records.count ? 0 : 1_000, childShards: children)
        }
    }
}
