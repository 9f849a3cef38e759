/// AWS: Kinesis API Reference, UpdateShardCount.
enum UpdateShardCount: Operation {
    static let name = "UpdateShardCount"
    static let input: [Member] = [
        .streamName, Member("TargetShardCount", .integer(1...Int64(Int32.max)), required: true),
        Member("ScalingType", .choice(["UNIFORM_SCALING"]), required: true), .streamARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        let target = input.integer("TargetShardCount") ?? 1
        let (name, arn, current) = try engine.read { (streams, now) throws(ServiceError) in
            let name = try input.streamName(in: streams)
            return (name, streams.arn(name), try streams.stream(name, at: now).openShardCount)
        }
        try await engine.reshard { (streams, now) throws(ServiceError) in try streams.scale(name, to: target, at: now) }
        var reply = input.reply()
        reply.object { reply in
            reply.member("StreamName", name)
            reply.member("CurrentShardCount", current)
            reply.member("TargetShardCount", target)
            reply.member("StreamARN", arn)
        }
        return reply
    }
}
