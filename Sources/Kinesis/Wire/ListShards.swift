public import Coordination

/// Which shards ListShards returns (API model, `ShardFilter`).
public enum ShardFilter: Sendable, Hashable {
    /// The shards whose identifiers come after this one.
    case afterShard(String)
    /// The shards that were open at the oldest record still kept.
    case atTrimHorizon
    /// All shards from the oldest record still kept until now: what the API does without a filter.
    case fromTrimHorizon
    /// The shards that are open now.
    case atLatest
    /// The shards that were open at this moment: milliseconds since 1970, UTC.
    case atTimestamp(Int64)
    /// The shards that were open at this moment or later.
    case fromTimestamp(Int64)
}

/// All shards of a listing, and when the service gave them.
public struct ShardListing: Sendable, Hashable {
    /// In the service's order.
    public var shards: [Shard]
    /// The service's clock as the first page left it, in milliseconds since 1970, UTC (whole seconds: the `Date` header of HTTP has no more).
    public var servedAt: Int64

    /// See the properties.
    public init(shards: [Shard], servedAt: Int64) {
        self.shards = shards
        self.servedAt = servedAt
    }
}

struct ListShards: Call {
    static let operation = Operation.listShards

    struct Page: Sendable {
        var shards: [Shard]
        var nextToken: String?
    }

    let source: StreamIdentifier
    let filter: ShardFilter?
    let nextToken: String?

    var stream: StreamIdentifier? { source }

    func body() -> HashedBody {
        var body = JSONBody()
        if let nextToken {
            // The service refuses a token together with the stream or the filter: both are inside of it.
            body.field("NextToken", nextToken)
            return body.finished()
        }
        body.field(source)
        if let filter { body.object("ShardFilter") { filter.write(into: &$0) } }
        return body.finished()
    }

    func reply(_ fields: Fields) throws(MalformedReply) -> Page {
        var shards: [Shard] = []
        for value in try fields.list("Shards") { shards.append(try Fields(value).shard()) }
        return Page(shards: shards, nextToken: try fields.optionalString("NextToken"))
    }
}

extension ShardFilter {
    fileprivate func write(into body: inout JSONBody) {
        switch self {
        case .afterShard(let shard):
            body.field("Type", "AFTER_SHARD_ID")
            body.field("ShardId", shard)
        case .atTrimHorizon: body.field("Type", "AT_TRIM_HORIZON")
        case .fromTrimHorizon: body.field("Type", "FROM_TRIM_HORIZON")
        case .atLatest: body.field("Type", "AT_LATEST")
        case .atTimestamp(let milliseconds):
            body.field("Type", "AT_TIMESTAMP")
            body.field("Timestamp", milliseconds: milliseconds)
        case .fromTimestamp(let milliseconds):
            body.field("Type", "FROM_TIMESTAMP")
            body.field("Timestamp", milliseconds: milliseconds)
        }
    }
}
