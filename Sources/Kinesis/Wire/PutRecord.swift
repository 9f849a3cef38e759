public import Records
import Wire

/// Where PutRecord stored a record.
public struct StoredRecord: Sendable, Hashable {
    /// The shard's identifier.
    public var shard: String
    /// The record's sequence number.
    public var sequence: SequenceNumber
}

struct PutRecord: Call {
    static let operation = Operation.putRecord

    let target: StreamIdentifier
    let entry: PutEntry
    let orderingSequence: SequenceNumber?

    var stream: StreamIdentifier? { target }

    func body() -> HashedBody {
        var body = JSONBody(capacity: Base64.encodedLength(entry.data.count) + entry.partitionKey.utf8.count + 512)
        body.field(target)
        body.field("Data", blob: entry.data)
        body.field("PartitionKey", entry.partitionKey)
        body.field("ExplicitHashKey", entry.explicitHashKey)
        body.field("SequenceNumberForOrdering", orderingSequence?.digits)
        return body.finished()
    }

    func reply(_ fields: Fields) throws(MalformedReply) -> StoredRecord {
        StoredRecord(shard: try fields.string("ShardId"), sequence: try fields.sequence("SequenceNumber"))
    }
}
