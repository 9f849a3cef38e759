/// AWS: Kinesis API Reference, DescribeStreamConsumer.
enum DescribeStreamConsumer: Operation {
    static let name = "DescribeStreamConsumer"
    static let input: [Member] = [
        .streamARN, Member("ConsumerName", .name), .consumerARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try engine.read { (streams, now) throws(ServiceError) in
            let (stream, consumer) = try input.consumer(in: streams, at: now)
            let arn = streams.arn(stream.name)
            var reply = input.reply()
            reply.object { reply in
                reply.member("ConsumerDescription") { reply in
                    reply.object { reply in
                        reply.consumer(consumer, streamARN: arn, status: consumer.status(at: now) ?? .deleting)
                        reply.member("StreamARN", arn)
                    }
                }
            }
            return reply
        }
    }
}
