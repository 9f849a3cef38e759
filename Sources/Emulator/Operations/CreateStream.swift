/// AWS: Kinesis API Reference, CreateStream.
enum CreateStream: Operation {
    static let name = "CreateStream"
    static let input: [Member] = [
        .streamName.required, Member("ShardCount", .integer(1...Int64(Int32.max))), .streamMode, Member("Tags", .tags), .warmThroughput,
        .recordKibibytes,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        let mode = input.structure("StreamModeDetails")?.string("StreamMode").flatMap(StreamMode.init) ?? .provisioned
        let shardCount = try shardCount(input.integer("ShardCount"), mode)
        var settings = StreamSettings()
        settings.tags = input.stringMap("Tags")
        settings.warmThroughput = mode == .onDemand ? input.integer("WarmThroughputMiBps") : nil
        return try await engine.update { [settings] (streams, now) throws(ServiceError) in
            let changes = try streams.create(
                input.required("StreamName"), shardCount: shardCount, mode: mode,
                recordKibibytes: input.integer("MaxRecordSizeInKiB") ?? Limits.recordKibibytes, settings: settings, at: now)
            return (nil, changes)
        }
    }

    private static func shardCount(_ requested: Int?, _ mode: StreamMode) throws(ServiceError) -> Int {
        switch (mode, requested) {
        case (.provisioned, let count?): return count
        case (.provisioned, nil): throw .invalidArgument("ShardCount is required for streams in PROVISIONED mode.")
        case (.onDemand, nil): return Limits.onDemandShards
        case (.onDemand, _?): throw .invalidArgument("ShardCount must not be provided for streams in ON_DEMAND mode.")
        }
    }
}
