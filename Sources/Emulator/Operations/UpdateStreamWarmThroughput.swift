/// AWS: Kinesis API Reference, UpdateStreamWarmThroughput.
enum UpdateStreamWarmThroughput: Operation {
    static let name = "UpdateStreamWarmThroughput"
    static let input: [Member] = [
        .streamARN, .streamName, .streamID, .warmThroughput.required,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        let throughput = input.integer("WarmThroughputMiBps") ?? 0
        return try await engine.update { (streams, now) throws(ServiceError) in
            let name = try input.streamName(in: streams)
            let changes = try streams.setWarmThroughput(throughput, of: name, at: now)
            var reply = input.reply()
            reply.object { reply in
                reply.member("StreamARN", streams.arn(name))
                reply.member("StreamName", name)
                reply.member("WarmThroughput") { $0.warmThroughput(throughput) }
            }
            return (reply, changes)
        }
    }
}
