/// AWS: Kinesis API Reference, IncreaseStreamRetentionPeriod.
enum IncreaseStreamRetentionPeriod: Operation {
    static let name = "IncreaseStreamRetentionPeriod"
    static let input: [Member] = [
        .streamName, Member("RetentionPeriodHours", .count, required: true), .streamARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try await engine.update { (streams, now) throws(ServiceError) in
            let name = try input.streamName(in: streams)
            return (nil, try streams.increaseRetention(of: name, toHours: input.integer("RetentionPeriodHours") ?? 0, at: now))
        }
    }
}
