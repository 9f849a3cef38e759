import Coordination
import Processors
import Records

/// Puts encoded records together into Kinesis records: pure.
struct Assembly: Sendable {
    enum Output: Sendable {
        case record(AggregatedRecord<Parcel>)
        /// What no record of the stream can hold, and why.
        case refused(Parcel, Failure)
    }

    private let isKPL: Bool
    private let bufferTime: Duration
    private var aggregation: KeyedAggregation<Parcel>
    private var keyless = KeylessPoint()
    private var shardMap: ShardMap?
    private var outputs: [Output] = []
    /// When what is open has waited long enough for others; nil while nothing is open.
    private(set) var deadline: MonotonicTime?

    init(_ processor: ProcessorSpec, bufferTime: Duration) {
        isKPL = processor.aggregator == .kpl
        self.bufferTime = bufferTime
        aggregation = KeyedAggregation(processor)
    }

    /// Something is there to be taken.
    var hasOutputs: Bool { !outputs.isEmpty }

    /// - Parameter map: the stream's shards, where they are known and matter: to KPL, whose aggregates are made for a shard.
    mutating func add(_ portion: EncodedPortion, _ map: ShardMap?, now: MonotonicTime) {
        if isKPL, let map, map != shardMap {
            // A key whose shard changes must not be in two open aggregates: the later one could go first.
            flushOpen()
            shardMap = map
        }
        for place in 0..<portion.count { add(place, of: portion) }
        if aggregation.isEmpty { deadline = nil } else if deadline == nil { deadline = now + bufferTime }
    }

    /// Closes what is open.
    mutating func flush() {
        flushOpen()
        keyless.renew()
        deadline = nil
    }

    /// What was put together, in its order.
    mutating func take() -> [Output] {
        defer { outputs = [] }
        return outputs
    }

    private mutating func flushOpen() {
        outputs += aggregation.flush().map { .record($0) }
    }

    private mutating func add(_ place: Int, of portion: EncodedPortion) {
        let payload = portion.payload(at: place)
        var key = portion.key(at: place)
        let group = isKPL ? group(of: key) : nil
        if isKPL, group == nil { key = RecordKey(at: &keyless) }
        let item = Parcel.Item(
            batch: portion.batch, index: portion.index(at: place), size: payload.count,
            member: isKPL ? Parcel.Member(payload: payload, key: key) : nil)
        do throws(ProcessorError) {
            let emitted = try aggregation.add(
                payload, item: item, partitionKey: key?.partitionKey, explicitHashKey: key?.explicitHashKey, group: group)
            guard !emitted.isEmpty else { return }
            if isKPL, group == nil { keyless.renew() }
            outputs += emitted.map { .record($0) }
        } catch {
            // Refusing it may stop the pipeline: what came before goes first.
            flushOpen()
            var refused = Parcel()
            refused.append(item)
            outputs.append(.refused(refused, error.failure))
        }
    }

    /// KPL aggregates mix keys, and so must stay within one shard; while the shards are unknown, they keep to one key. Nil where a record
    /// has no keys: it goes where the others of its aggregate go.
    private func group(of key: RecordKey?) -> String? {
        guard let key, let hashKey = key.hashKey else { return nil }
        return shardMap?.shard(of: hashKey) ?? key.partitionKey ?? key.explicitHashKey
    }
}
