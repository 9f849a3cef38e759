import Coordination
import Kinesis
import Processors
import Records

/// A record as a processor has encoded it, on its way into a Kinesis record.
struct EncodedRecord: Sendable {
    let payload: [UInt8]
    let partitionKey: String?
    let explicitHashKey: String?
    /// What a dead letter needs, and the acknowledgement: without the value, which is in the payload.
    let source: SinkRecord

    init(payload: [UInt8], partitionKey: String?, explicitHashKey: String?, source: SinkRecord) {
        self.payload = payload
        self.partitionKey = partitionKey
        self.explicitHashKey = explicitHashKey
        var source = source
        source.record.value = .null
        self.source = source
    }

    /// Where its keys send it; nil where it has none and may go anywhere.
    var hashKey: HashKey? {
        explicitHashKey.flatMap { HashKey($0) } ?? partitionKey.map { HashKey(partitionKey: $0) }
    }
}

/// The records of one Kinesis record, all acknowledged together.
typealias Parcel = [EncodedRecord]

extension ProducerEntry where Token == Parcel {
    /// A Kinesis record of an aggregation's output.
    init(_ output: AggregatedRecord<EncodedRecord>, aggregator: AggregatorKind) throws(ProducerError) {
        try self.init(
            data: output.data, partitionKey: output.partitionKey ?? Self.randomKey(), explicitHashKey: output.explicitHashKey,
            members: aggregator == .kpl ? output.items.compactMap(\.hashKey) : [], token: output.items)
    }

    /// Spreads records that have no key evenly over the shards.
    private static func randomKey() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36)
    }
}
