public import Coordination
import Records

/// What a stream is, as DescribeStreamSummary tells it.
public struct StreamSummary: Sendable, Hashable {
    /// Whether and how a stream can be used (API model, `StreamStatus`).
    public enum Status: String, Sendable {
        case creating = "CREATING"
        case deleting = "DELETING"
        case active = "ACTIVE"
        case updating = "UPDATING"
    }

    /// The stream's name.
    public var name: String
    /// The stream's ARN.
    public var arn: String
    /// Nil for a status that this client does not know.
    public var status: Status?
    /// Milliseconds since 1970, UTC: it tells a stream from one that was deleted and created anew under the same name. Nil where the
    /// server does not say.
    public var createdAt: Int64?
    /// Hours; 24 to 8760.
    public var retentionHours: Int
    /// Nil where the server does not say.
    public var openShards: Int?
    /// `PROVISIONED` or `ON_DEMAND`; nil where the server does not say.
    public var mode: String?
    /// The largest record in bytes that the stream takes, key included (`MaxRecordSizeInKiB`; 1 MiB unless raised).
    public var maxRecordBytes: Int

    /// See the properties.
    public init(
        name: String, arn: String, status: Status?, createdAt: Int64? = nil, retentionHours: Int = 24, openShards: Int? = nil,
        mode: String? = nil, maxRecordBytes: Int = 1 << 20
    ) {
        self.name = name
        self.arn = arn
        self.status = status
        self.createdAt = createdAt
        self.retentionHours = retentionHours
        self.openShards = openShards
        self.mode = mode
        self.maxRecordBytes = maxRecordBytes
    }

    /// Records can be put and read.
    public var isUsable: Bool { status == .active || status == .updating }
}

struct DescribeStreamSummary: Call {
    static let operation = Operation.describeStreamSummary

    let target: StreamIdentifier

    var stream: StreamIdentifier? { target }

    func body() -> HashedBody {
        var body = JSONBody()
        body.field(target)
        return body.finished()
    }

    func reply(_ fields: Fields) throws(MalformedReply) -> StreamSummary {
        try fields.object("StreamDescriptionSummary").streamSummary()
    }
}

/// A stream with its shards: the older operation, for servers without DescribeStreamSummary or ListShards.
public struct StreamDescription: Sendable, Hashable {
    /// As DescribeStreamSummary tells it; `openShards` is counted from `shards`.
    public var summary: StreamSummary
    /// All shards, those closed included.
    public var shards: [Shard]
}

struct DescribeStream: Call {
    static let operation = Operation.describeStream

    struct Page: Sendable {
        var summary: StreamSummary
        var shards: [Shard]
        var hasMore: Bool
    }

    let target: StreamIdentifier
    let startAfter: String?

    var stream: StreamIdentifier? { target }

    func body() -> HashedBody {
        var body = JSONBody()
        body.field(target)
        body.field("ExclusiveStartShardId", startAfter)
        return body.finished()
    }

    func reply(_ fields: Fields) throws(MalformedReply) -> Page {
        let description = try fields.object("StreamDescription")
        var shards: [Shard] = []
        for value in try description.list("Shards") { shards.append(try Fields(value).shard()) }
        return Page(summary: try description.streamSummary(), shards: shards, hasMore: try description.boolean("HasMoreShards"))
    }
}

extension Fields {
    fileprivate func streamSummary() throws(MalformedReply) -> StreamSummary {
        let mode: String?
        if self["StreamModeDetails"] != nil { mode = try object("StreamModeDetails").optionalString("StreamMode") } else { mode = nil }
        return StreamSummary(
            name: try string("StreamName"), arn: try string("StreamARN"),
            status: StreamSummary.Status(rawValue: try string("StreamStatus")),
            createdAt: try optionalTimestamp("StreamCreationTimestamp"),
            retentionHours: Int(try optionalInteger("RetentionPeriodHours") ?? 24),
            openShards: try optionalInteger("OpenShardCount").map(Int.init), mode: mode,
            maxRecordBytes: Int(try optionalInteger("MaxRecordSizeInKiB") ?? 1024) << 10)
    }
}
