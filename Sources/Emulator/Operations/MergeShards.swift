/// AWS: Kinesis API Reference, MergeShards.
enum MergeShards: Operation {
    static let name = "MergeShards"
    static let input: [Member] = [
        .streamName,
        Member("ShardToMerge", .name, required: true),
        Member("AdjacentShardToMerge", .name, required: true),
        .streamARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try await engine.reshard { (streams, now) throws(ServiceError) in
            try streams.merge(
                try input.streamName(in: streams), shard: input.required("ShardToMerge"), adjacent: input.required("AdjacentShardToMerge"),
                now: now)
        }
        return nil
    }
}
