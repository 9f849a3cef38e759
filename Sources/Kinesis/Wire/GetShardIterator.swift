import NIOCore
public import Records

/// Where in a shard to begin reading.
public enum IteratorStart: Sendable, Hashable {
    /// The oldest record that the stream still keeps.
    case trimHorizon
    /// Behind the newest record.
    case latest
    /// This record.
    case at(SequenceNumber)
    /// The record behind this one.
    case after(SequenceNumber)
    /// The first record that arrived at or after this moment: milliseconds since 1970, UTC.
    case timestamp(Int64)
}

struct GetShardIterator: Call {
    static let operation = Operation.getShardIterator

    let source: StreamIdentifier
    let shard: String
    let start: IteratorStart

    var stream: StreamIdentifier? { source }

    func body() -> ByteBuffer {
        var body = JSONBody()
        body.field(source)
        body.field("ShardId", shard)
        switch start {
        case .trimHorizon:
            body.field("ShardIteratorType", "TRIM_HORIZON")
        case .latest:
            body.field("ShardIteratorType", "LATEST")
        case .at(let sequence):
            body.field("ShardIteratorType", "AT_SEQUENCE_NUMBER")
            body.field("StartingSequenceNumber", sequence.digits)
        case .after(let sequence):
            body.field("ShardIteratorType", "AFTER_SEQUENCE_NUMBER")
            body.field("StartingSequenceNumber", sequence.digits)
        case .timestamp(let milliseconds):
            body.field("ShardIteratorType", "AT_TIMESTAMP")
            body.field("Timestamp", milliseconds: milliseconds)
        }
        return body.finished()
    }

    func reply(_ fields: Fields) throws(MalformedReply) -> String { try fields.string("ShardIterator") }
}
