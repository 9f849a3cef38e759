/// AWS: Kinesis API Reference, RegisterStreamConsumer.
enum RegisterStreamConsumer: Operation {
    static let name = "RegisterStreamConsumer"
    static let input: [Member] = [
        .streamARN.required, Member("ConsumerName", .name, required: true), .streamID, Member("Tags", .tags),
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try await engine.update { (streams, now) throws(ServiceError) in
            let stream = try input.streamName(in: streams)
            let (consumer, changes) = try streams.registerConsumer(
                input.required("ConsumerName"), ofStream: stream, tags: input.stringMap("Tags"), at: now)
            var reply = input.reply()
            reply.object { reply in
                // AWS answers CREATING even where the consumer is active at once.
                reply.member("Consumer") { reply in
                    reply.object { $0.consumer(consumer, streamARN: streams.arn(stream), status: .creating) }
                }
            }
            return (reply, changes)
        }
    }
}
