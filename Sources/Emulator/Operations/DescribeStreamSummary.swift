/// AWS: Kinesis API Reference, DescribeStreamSummary.
enum DescribeStreamSummary: Operation {
    static let name = "DescribeStreamSummary"
    static let input: [Member] = [.streamName, .streamARN, .streamID]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try engine.read { (streams, now) throws(ServiceError) in
            let name = try input.streamName(in: streams)
            var stream = try streams.stream(name, at: now)
            if input.faults.isStale { stream = stream.beforeLastReshard }
            let status = stream.status(at: now) ?? .deleting
            var reply = input.reply()
            reply.object { reply in
                reply.member("StreamDescriptionSummary") { reply in
                    reply.object { reply in
                        reply.streamHeader(stream, arn: streams.arn(name), status: status)
                        reply.streamSettings(stream)
                        reply.member("OpenShardCount", status == .creating ? 0 : stream.openShardCount)
                        reply.member("ConsumerCount", stream.consumers.count { $0.status(at: now) != nil })
                        if let throughput = stream.settings.warmThroughput {
                            reply.member("WarmThroughput") { $0.warmThroughput(throughput) }
                        }
                        reply.member("MaxRecordSizeInKiB", stream.recordKibibytes)
                    }
                }
            }
            return reply
        }
    }
}
