/// AWS: Kinesis API Reference, SplitShard.
enum SplitShard: Operation {
    static let name = "SplitShard"
    static let input =
        .stream + [
            Member("ShardToSplit", .name, required: true),
            Member("NewStartingHashKey", .hashKey, required: true),
        ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        guard let start = try input.hashKey("NewStartingHashKey") else { preconditionFailure("NewStartingHashKey is required") }
        let stream = try engine.read { (streams, _) throws(ServiceError) in try input.streamName(in: streams) }
        try await engine.reshard(stream) { (streams, now) throws(ServiceError) in
            try streams.split(stream, shard: input.required("ShardToSplit"), at: start, now: now)
        }
        return nil
    }
}
