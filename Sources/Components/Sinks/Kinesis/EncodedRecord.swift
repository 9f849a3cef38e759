import Coordination
import Kinesis
import Processors
import Records

/// The records of one write, without their values, which the payloads hold: all that dead letters and acknowledgements need.
///
/// What is encoded refers to its record by the place in here. It is handed from task to task, and would count the references of a record
/// up and down each time, in memory that other tasks do the same to.
final class EncodedBatch: Sendable {
    let records: [SinkRecord]

    init(_ records: [SinkRecord]) {
        self.records = records.map { record in
            var record = record
            record.record.content = .value(.null)
            return record
        }
    }
}

/// A record as a processor has encoded it, on its way into a Kinesis record.
struct EncodedRecord: Sendable {
    struct Place: Sendable {
        let batch: EncodedBatch
        let index: Int
    }

    /// Shares the memory of what was read, where it is the same bytes.
    var payload: ArraySlice<UInt8>
    /// The payload's bytes, which count until the record is acknowledged.
    let size: Int
    let partitionKey: String?
    var explicitHashKey: String?
    /// Where its keys send it: known for KPL alone, whose aggregates are made for a shard; nil where it has no keys and may go anywhere.
    var hashKey: HashKey?
    private let place: Place

    init(payload: ArraySlice<UInt8>, partitionKey: String?, explicitHashKey: String?, place: Place) {
        self.payload = payload
        size = payload.count
        self.partitionKey = partitionKey
        self.explicitHashKey = explicitHashKey
        self.place = place
    }

    /// What a dead letter needs.
    var source: SinkRecord { place.batch.records[place.index] }

    /// What waits for it.
    var delivery: Delivery { place.batch.records[place.index].delivery }

    /// With the point of the hash space that its keys name.
    func located() -> EncodedRecord {
        var located = self
        located.hashKey = explicitHashKey.flatMap { HashKey($0) } ?? partitionKey.map { HashKey(partitionKey: $0) }
        return located
    }

    /// For an aggregate that is never taken apart: it holds the bytes itself.
    func withoutPayload() -> EncodedRecord {
        var rest = self
        rest.payload = []
        return rest
    }
}

/// The records of one Kinesis record, all acknowledged together.
typealias Parcel = [EncodedRecord]

extension ProducerEntry where Token == Parcel {
    /// A Kinesis record of an aggregation's output.
    init(_ output: AggregatedRecord<EncodedRecord>, aggregator: AggregatorKind) throws(ProducerError) {
        try self.init(
            data: output.data, partitionKey: output.partitionKey ?? Self.anyKey(for: output), explicitHashKey: output.explicitHashKey,
            members: aggregator == .kpl ? output.items.compactMap(\.hashKey) : [], token: output.items)
    }

    /// Spreads records that have no key evenly over the shards; beside an explicit hash key it means nothing.
    private static func anyKey(for output: AggregatedRecord<EncodedRecord>) -> String {
        output.explicitHashKey == nil ? String(UInt64.random(in: .min ... .max), radix: 36) : "a"
    }
}

/// Where records without a key go inside KPL aggregates: a random point of the hash space for each aggregate, told as the explicit hash key.
///
/// A KPL aggregate names a partition key for every record, and its readers drop what does not belong to the shard: the stand-in for "no
/// key" alone would bind all of these records to one shard.
struct KeylessPoint {
    private(set) var hashKey = HashKey.random(in: .min ... .max)
    private(set) lazy var text = String(hashKey)

    mutating func renew() { self = KeylessPoint() }
}
