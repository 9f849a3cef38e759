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

    func body() -> HashedBody {
        var body = JSONBody()
        body.field(source)
        body.field("ShardId", shard)
        body.start(start, type: "ShardIteratorType", sequence: "StartingSequenceNumber")
        return body.finished()
    }

    func reply(_ fields: Fields) throws(MalformedReply) -> String { try fields.string("ShardIterator") }
}

extension JSONBody {
    /// Where to begin, by the names that an operation has for it.
    mutating func start(_ start: IteratorStart, type: StaticString, sequence name: StaticString) {
        switch start {
        case .trimHorizon:
            field(type, "TRIM_HORIZON")
        case .latest:
            field(type, "LATEST")
        case .at(let sequence):
            field(type, "AT_SEQUENCE_NUMBER")
            field(name, sequence.digits)
        case .after(let sequence):
            field(type, "AFTER_SEQUENCE_NUMBER")
            field(name, sequence.digits)
        case .timestamp(let milliseconds):
            field(type, "AT_TIMESTAMP")
            field("Timestamp", milliseconds: milliseconds)
        }
    }
}
