/// AWS: Kinesis API Reference, SplitShard.
enum SplitShard: Operation {
    static let name = "SplitShard"
    static let input: [Member] = [
        .streamName,
        Member("ShardToSplit", .name, required: true),
        Member("NewStartingHashKey", .hashKey, required: true),
        .streamARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        guard let start = try input.hashKey("NewStartingHashKey") else { preconditionFailure("NewStartingHashKey is required") }
        try await engine.reshard { (streams, now) throws(ServiceError) in
            try streams.split(try input.streamName(in: streams), shard: input.required("ShardToSplit"), at: start, now: now)
        }
        return nil
    }
}
