import Records

/// A consumer registered for enhanced fan-out: it gets 2 MiB a second of each shard for itself.
public struct StreamConsumer: Sendable, Hashable {
    /// Whether it can subscribe (API model, `ConsumerStatus`).
    public enum Status: String, Sendable {
        case creating = "CREATING"
        case active = "ACTIVE"
        case deleting = "DELETING"
    }

    /// Unique within the stream.
    public var name: String
    /// What it subscribes as.
    public var arn: String
    /// Nil for a status that this client does not know.
    public var status: Status?

    /// See the properties.
    public init(name: String, arn: String, status: Status?) {
        self.name = name
        self.arn = arn
        self.status = status
    }
}

/// What names a consumer by its stream.
protocol StreamConsumerCall: Call {
    var target: StreamARN { get }
    var name: String { get }
}

extension StreamConsumerCall {
    var stream: StreamIdentifier? { .arn(target) }

    func body() -> HashedBody {
        var body = JSONBody()
        body.field("StreamARN", target.text)
        body.field("ConsumerName", name)
        return body.finished()
    }
}

struct RegisterStreamConsumer: StreamConsumerCall {
    static let operation = Operation.registerStreamConsumer

    let target: StreamARN
    let name: String

    func reply(_ fields: Fields) throws(MalformedReply) -> StreamConsumer { try fields.object("Consumer").streamConsumer() }
}

struct DescribeStreamConsumer: StreamConsumerCall {
    static let operation = Operation.describeStreamConsumer

    let target: StreamARN
    let name: String

    func reply(_ fields: Fields) throws(MalformedReply) -> StreamConsumer { try fields.object("ConsumerDescription").streamConsumer() }
}

struct DeregisterStreamConsumer: StreamConsumerCall {
    static let operation = Operation.deregisterStreamConsumer

    let target: StreamARN
    let name: String
}

extension Fields {
    fileprivate func streamConsumer() throws(MalformedReply) -> StreamConsumer {
        StreamConsumer(
            name: try string("ConsumerName"), arn: try string("ConsumerARN"),
            status: StreamConsumer.Status(rawValue: try string("ConsumerStatus")))
    }
}
