/// AWS: Kinesis API Reference, DescribeStream.
enum DescribeStream: Operation {
    static let name = "DescribeStream"
    static let input: [Member] = [
        .streamName, Member("Limit", .integer(1...10_000)), Member("ExclusiveStartShardId", .name), .streamARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try engine.read { (streams, now) throws(ServiceError) in
            let name = try input.streamName(in: streams)
            var stream = try streams.stream(name, at: now)
            if input.faults.isStale { stream = stream.beforeLastReshard }
            let status = stream.status(at: now) ?? .deleting
            let start = try input.shardIndex("ExclusiveStartShardId") ?? -1
            let limit = input.integer("Limit") ?? Limits.shardsPerDescription
            let visible = status == .creating ? [] : stream.shards.drop { $0.index <= start }
            var reply = input.reply()
            reply.object { reply in
                reply.member("StreamDescription") { reply in
                    reply.object { reply in
                        reply.streamHeader(stream, arn: streams.arn(name), status: status)
                        reply.streamSettings(stream)
                        reply.member("Shards") { $0.array(of: visible.prefix(limit)) { $0.shard($1) } }
                        reply.member("HasMoreShards", visible.count > limit)
                    }
                }
            }
            return reply
        }
    }
}

extension Input {
    /// The index of the shard whose id a member gives. Throws InvalidArgumentException for an id that no shard can have.
    func shardIndex(_ name: String) throws(ServiceError) -> Int? {
        guard let id = string(name) else { return nil }
        guard let index = ShardState.index(id) else { throw .invalidArgument("\(name) \(id) is not the id of a shard.") }
        return index
    }
}
