/// AWS: Kinesis API Reference, CreateStream.
enum CreateStream: Operation {
    static let name = "CreateStream"
    static let input = [
        Member("ShardCount", .integer(1...Int64(Int32.max))),
        Member("StreamName", .name, required: true),
        Member("StreamModeDetails", .structure([Member("StreamMode", .choice(StreamMode.allCases.map(\.rawValue)), required: true)])),
        Member("Tags", .map(of: .string(length: 0...256), count: 1...200)),
        Member("WarmThroughputMiBps", .integer(0...Int64(Int32.max))),
        Member("MaxRecordSizeInKiB", .integer(1_024...10_240)),
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        let mode = input.structure("StreamModeDetails")?.string("StreamMode").flatMap(StreamMode.init) ?? .provisioned
        let shardCount = try shardCount(input.integer("ShardCount"), mode)
        return try await engine.update { (streams, now) throws(ServiceError) in
            let changes = try streams.create(
                input.required("StreamName"), shardCount: shardCount, mode: mode,
                recordKibibytes: input.integer("MaxRecordSizeInKiB") ?? Limits.recordKibibytes, at: now)
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
