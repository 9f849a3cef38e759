/// AWS: Kinesis API Reference, MergeShards.
enum MergeShards: Operation {
    static let name = "MergeShards"
    static let input =
        .stream + [
            Member("ShardToMerge", .name, required: true),
            Member("AdjacentShardToMerge", .name, required: true),
        ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        let stream = try engine.read { (streams, _) throws(ServiceError) in try input.streamName(in: streams) }
        try await engine.reshard(stream) { (streams, now) throws(ServiceError) in
            try streams.merge(
                stream, shard: input.required("ShardToMerge"), adjacent: input.required("AdjacentShardToMerge"), now: now)
        }
        return nil
    }
}
