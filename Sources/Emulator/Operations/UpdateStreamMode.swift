/// AWS: Kinesis API Reference, UpdateStreamMode.
enum UpdateStreamMode: Operation {
    static let name = "UpdateStreamMode"
    static let input: [Member] = [
        .streamARN.required, .streamID, .streamMode.required, .warmThroughput,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        let mode = input.structure("StreamModeDetails")?.string("StreamMode").flatMap(StreamMode.init) ?? .provisioned
        return try await engine.update { (streams, now) throws(ServiceError) in
            let name = try input.streamName(in: streams)
            return (nil, try streams.setMode(mode, warmThroughput: input.integer("WarmThroughputMiBps"), of: name, at: now))
        }
    }
}
