/// AWS: Kinesis API Reference, EnableEnhancedMonitoring.
enum EnableEnhancedMonitoring: Operation {
    static let name = "EnableEnhancedMonitoring"
    static let input: [Member] = [
        .streamName, Member("ShardLevelMetrics", .list(of: .choice(ShardMetric.names), count: 1...7), required: true), .streamARN,
        .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        let named = ShardMetric.named(input.strings("ShardLevelMetrics"))
        return try await engine.update { (streams, now) throws(ServiceError) in
            let name = try input.streamName(in: streams)
            let (current, desired, changes) = try streams.setMetrics(of: name, at: now) { current in current.union(named) }
            var reply = input.reply()
            reply.enhancedMonitoring(name, arn: streams.arn(name), current: current, desired: desired)
            return (reply, changes)
        }
    }
}
