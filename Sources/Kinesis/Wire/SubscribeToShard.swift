public import Coordination
import JSON
public import Records

/// One event of a subscription to a shard.
public struct ShardEvent: Sendable, Hashable {
    /// In the shard's order; may be empty while records are still to come.
    public var records: [KinesisRecord]
    /// Where the next subscription goes on; nil once the shard is closed and fully read.
    public var continuation: SequenceNumber?
    /// How far behind the shard's end this event is; nil where the server does not say.
    public var millisBehindLatest: Int64?
    /// The shards that follow a closed one, in its last event.
    public var childShards: [Shard]

    /// See the properties.
    public init(records: [KinesisRecord], continuation: SequenceNumber?, millisBehindLatest: Int64?, childShards: [Shard]) {
        self.records = records
        self.continuation = continuation
        self.millisBehindLatest = millisBehindLatest
        self.childShards = childShards
    }
}

/// The request of SubscribeToShard; its reply is a stream of messages.
struct SubscribeToShard: Call {
    static let operation = Operation.subscribeToShard
    static let contentType = "application/vnd.amazon.eventstream"

    let source: StreamIdentifier
    let consumerARN: String
    let shard: String
    let start: IteratorStart

    var stream: StreamIdentifier? { source }

    func body() -> HashedBody {
        var body = JSONBody()
        body.field("ConsumerARN", consumerARN)
        body.field("ShardId", shard)
        body.object("StartingPosition") { $0.start(start, type: "Type", sequence: "SequenceNumber") }
        return body.finished()
    }

    /// What a message says: an event, or nil for one that has none for us. Throws the error that the service ends the stream with.
    func event(_ message: EventStreamMessage) throws(KinesisError) -> ShardEvent? {
        switch message.header(":message-type") {
        case "event":
            guard message.header(":event-type") == "SubscribeToShardEvent" else { return nil }
            do {
                let fields = try Fields(JSON.parse(message.payload))
                return ShardEvent(
                    records: try fields.records(), continuation: try fields.optionalSequence("ContinuationSequenceNumber"),
                    millisBehindLatest: try fields.optionalInteger("MillisBehindLatest"), childShards: try fields.childShards())
            } catch {
                throw failure(.malformedReply, "MalformedReply", (error as? MalformedReply)?.reason ?? "the event is not JSON")
            }
        case "exception":
            let code = message.header(":exception-type") ?? "UnknownException"
            let fields = try? Fields(JSON.parse(message.payload))
            let text = (try? fields?.optionalString("message")) ?? (try? fields?.optionalString("Message"))
            throw failure(KinesisError.kind(code: code, message: text, status: 200, operation: Self.operation), code, text ?? "")
        case "error":
            let code = message.header(":error-code") ?? "UnknownError"
            let text = message.header(":error-message")
            throw failure(KinesisError.kind(code: code, message: text, status: 200, operation: Self.operation), code, text ?? "")
        default:
            return nil
        }
    }

    func failure(_ kind: KinesisError.Kind, _ code: String, _ message: String) -> KinesisError {
        KinesisError(kind, code: code, message: message, operation: Self.operation.rawValue, stream: source.name)
    }
}
