/// AWS: Kinesis API Reference, ListShards.
enum ListShards: Operation {
    static let name = "ListShards"
    static let input: [Member] = [
        .streamName,
        Member("NextToken", .token),
        Member("ExclusiveStartShardId", .name),
        Member("MaxResults", .integer(1...10_000)),
        Member("StreamCreationTimestamp", .timestamp),
        Member(
            "ShardFilter",
            .structure([
                Member("Type", .choice(filterTypes), required: true),
                Member("ShardId", .name),
                Member("Timestamp", .timestamp),
            ])),
        .streamARN, .streamID,
    ]

    private static let filterTypes = [
        "AFTER_SHARD_ID", "AT_TRIM_HORIZON", "FROM_TRIM_HORIZON", "AT_LATEST", "AT_TIMESTAMP", "FROM_TIMESTAMP",
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try engine.read { (streams, now) throws(ServiceError) in
            let (stream, filter, start) = try selection(input, in: streams, at: now)
            let limit = input.integer("MaxResults") ?? Limits.shardsPerPage
            let shards = input.faults.isStale ? stream.beforeLastReshard.shards : stream.shards
            let visible = stream.status(at: now) == .creating ? [] : shards.filter { $0.index > start && filter.includes($0) }
            let page = visible.prefix(limit)
            var reply = input.reply()
            reply.object { reply in
                reply.member("Shards") { $0.array(of: page) { $0.shard($1) } }
                if visible.count > limit, let last = page.last {
                    let token = ShardPageToken(stream: stream.id, filter: filter, lastIndex: last.index, issuedAt: now)
                    reply.member("NextToken", token.text)
                }
            }
            return reply
        }
    }

    /// What is listed, and the index after which.
    private static func selection(
        _ input: Input, in streams: Streams, at now: Int64
    ) throws(ServiceError) -> (stream: StreamState, filter: ShardFilter, after: Int) {
        guard let text = input.string("NextToken") else {
            let stream = try streams.stream(try input.streamName(in: streams), at: now)
            // Clients send whole seconds.
            if let created = input.timestamp("StreamCreationTimestamp"), created / 1_000 != stream.createdAt / 1_000 {
                throw streams.notFound(stream.name)
            }
            return (stream, try filter(input, of: stream, at: now), try input.shardIndex("ExclusiveStartShardId") ?? -1)
        }
        for name in ["StreamName", "StreamARN", "ExclusiveStartShardId", "StreamCreationTimestamp", "ShardFilter"] where input.has(name) {
            throw .invalidArgument("NextToken and \(name) cannot be provided together.")
        }
        let token = try ShardPageToken(text: text, now: now)
        guard let stream = streams.readyStream(id: token.stream, at: now) else {
            throw .resourceNotFound("The stream of this NextToken does not exist.")
        }
        return (stream, token.filter, token.lastIndex)
    }

    private static func filter(_ input: Input, of stream: StreamState, at now: Int64) throws(ServiceError) -> ShardFilter {
        guard let declared = input.structure("ShardFilter") else { return .all }
        switch declared.required("Type") {
        case "AFTER_SHARD_ID":
            guard let index = try declared.shardIndex("ShardId") else {
                throw .invalidArgument("ShardId must be provided with ShardFilter type AFTER_SHARD_ID.")
            }
            return .after(index: index)
        case "AT_LATEST": return .open
        case "AT_TRIM_HORIZON": return .openAt(stream.horizon(at: now))
        case "AT_TIMESTAMP": return .openAt(max(try moment(declared, now), stream.horizon(at: now)))
        case "FROM_TIMESTAMP": return .openSince(max(try moment(declared, now), stream.horizon(at: now)))
        default: return .all
        }
    }

    private static func moment(_ filter: Input, _ now: Int64) throws(ServiceError) -> Int64 {
        guard let moment = filter.timestamp("Timestamp") else {
            throw .invalidArgument("Timestamp must be provided with ShardFilter type \(filter.required("Type")).")
        }
        guard moment <= now else { throw .futureTimestamp(moment, now) }
        return moment
    }
}

extension ServiceError {
    static func futureTimestamp(_ moment: Int64, _ now: Int64) -> ServiceError {
        .invalidArgument(
            "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: \(moment), "
                + "currentTimestampInMillis: \(now)")
    }
}
