public import Coordination
public import Records

/// A record as GetRecords returns it.
public struct KinesisRecord: Sendable, Hashable {
    /// The record's bytes.
    public var data: [UInt8]
    /// The key that it was put with.
    public var partitionKey: String
    /// Its place in the shard.
    public var sequenceNumber: SequenceNumber
    /// `ApproximateArrivalTimestamp` in milliseconds since 1970, UTC; 0 where the server gives none.
    public var arrivedAt: Int64

    /// See the properties.
    public init(data: [UInt8], partitionKey: String, sequenceNumber: SequenceNumber, arrivedAt: Int64) {
        self.data = data
        self.partitionKey = partitionKey
        self.sequenceNumber = sequenceNumber
        self.arrivedAt = arrivedAt
    }
}

/// One page of a shard.
public struct GetRecordsReply: Sendable, Hashable {
    /// In the shard's order; may be empty while records are still to come.
    public var records: [KinesisRecord]
    /// Where to read on; nil once the shard is closed and fully read.
    public var nextIterator: String?
    /// How far behind the shard's end this page is; nil where the server does not say.
    public var millisBehindLatest: Int64?
    /// The shards that follow a closed one, in its last page. Their `startingSequence` is 0: the API does not tell it here.
    public var childShards: [Shard]

    /// See the properties.
    public init(records: [KinesisRecord], nextIterator: String?, millisBehindLatest: Int64?, childShards: [Shard]) {
        self.records = records
        self.nextIterator = nextIterator
        self.millisBehindLatest = millisBehindLatest
        self.childShards = childShards
    }
}

struct GetRecords: Call {
    static let operation = Operation.getRecords
    /// The most records that one call may ask for (API model, `GetRecordsInputLimit`).
    static let limits = 1...10_000

    let iterator: String
    let limit: Int
    let source: StreamIdentifier

    var stream: StreamIdentifier? { source }

    func body() -> HashedBody { body(JSONBody.self) }

    func cborBody() -> HashedBody? { body(CBORBody.self) }

    private func body<Body: BodyWriter>(_: Body.Type) -> HashedBody {
        var body = Body(capacity: iterator.utf8.count + 256)
        body.field("ShardIterator", iterator)
        body.field("Limit", min(max(limit, Self.limits.lowerBound), Self.limits.upperBound))
        // The request has no StreamName: only an ARN may accompany the iterator.
        if case .arn(let arn) = source { body.field("StreamARN", arn.text) }
        return body.finished()
    }

    func reply(_ fields: Fields) throws(MalformedReply) -> GetRecordsReply {
        return GetRecordsReply(
            records: try fields.records(), nextIterator: try fields.optionalString("NextShardIterator"),
            millisBehindLatest: try fields.optionalInteger("MillisBehindLatest"), childShards: try fields.childShards())
    }
}

extension Fields {
    /// What GetRecords and the events of SubscribeToShard have in common.
    func records() throws(MalformedReply) -> [KinesisRecord] {
        let values = try list("Records")
        var records: [KinesisRecord] = []
        records.reserveCapacity(values.count)
        for value in values {
            let record = try Fields(value)
            records.append(
                KinesisRecord(
                    data: try record.blob("Data"), partitionKey: try record.string("PartitionKey"),
                    sequenceNumber: try record.sequence("SequenceNumber"),
                    arrivedAt: try record.optionalTimestamp("ApproximateArrivalTimestamp") ?? 0))
        }
        return records
    }

    func childShards() throws(MalformedReply) -> [Shard] {
        var children: [Shard] = []
        for value in try list("ChildShards") { children.append(try Fields(value).childShard()) }
        return children
    }
}
