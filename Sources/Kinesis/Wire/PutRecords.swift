public import Records
import Wire

/// One record of a PutRecords request.
public struct PutEntry: Sendable, Hashable {
    /// The record's bytes; with the key at most the stream's record limit (1 MiB unless raised).
    public var data: RecordData
    /// 1 to 256 characters.
    public var partitionKey: String
    /// A decimal of 128 bits that takes the place of the key's MD5.
    public var explicitHashKey: String?

    /// See the properties.
    public init(data: RecordData, partitionKey: String, explicitHashKey: String? = nil) {
        self.data = data
        self.partitionKey = partitionKey
        self.explicitHashKey = explicitHashKey
    }
}

/// What became of one record of a PutRecords request.
public enum PutResult: Sendable, Hashable {
    case stored(shard: String, sequence: SequenceNumber)
    /// `code` is AWS's, such as `ProvisionedThroughputExceededException` or `InternalFailure`: the record may be sent again.
    case failed(code: String, message: String)
}

struct PutRecords: Call {
    static let operation = Operation.putRecords

    let target: StreamIdentifier
    let entries: [PutEntry]

    var stream: StreamIdentifier? { target }

    func body() -> HashedBody { body(JSONBody.self) { Base64.encodedLength($0) } }

    func cborBody() -> HashedBody? { body(CBORBody.self) { $0 } }

    private func body<Body: BodyWriter>(_: Body.Type, blobLength: (Int) -> Int) -> HashedBody {
        // Names, quotes and an explicit hash key of 39 digits take up to 110 bytes an entry.
        let length = entries.reduce(256) { $0 + blobLength($1.data.count) + $1.partitionKey.utf8.count + 110 }
        var body = Body(capacity: length)
        body.field(target)
        body.list("Records", of: entries) { body, entry in
            body.field("Data", blob: entry.data)
            body.field("PartitionKey", entry.partitionKey)
            body.field("ExplicitHashKey", entry.explicitHashKey)
        }
        return body.finished()
    }

    /// While a request has no answer, its keys wait, and soon all that comes behind them: a lost one is to be noticed in seconds. Sending again
    /// what was stored is a repetition and no loss. (The Kinesis Producer Library waits for 6 s.)
    func timeLimit(bodyBytes: Int) -> Duration? {
        .seconds(5) + .seconds(1) * (Double(bodyBytes) / Self.slowestBytesPerSecond)
    }

    /// On a slower line than this, requests are to be made smaller.
    private static let slowestBytesPerSecond = 262_144.0

    /// One result an entry in the request's order; a reply of another length could acknowledge the wrong record, so it is refused.
    func reply(_ fields: Fields) throws(MalformedReply) -> [PutResult] {
        let values = try fields.list("Records")
        guard values.count == entries.count else {
            throw MalformedReply("\(values.count) results came for \(entries.count) records")
        }
        var results: [PutResult] = []
        results.reserveCapacity(values.count)
        for value in values {
            let record = try Fields(value)
            if let code = try record.optionalString("ErrorCode") {
                results.append(.failed(code: code, message: try record.optionalString("ErrorMessage") ?? ""))
            } else {
                results.append(.stored(shard: try record.string("ShardId"), sequence: try record.sequence("SequenceNumber")))
            }
        }
        return results
    }
}
