/// AWS: Kinesis API Reference, DeregisterStreamConsumer.
enum DeregisterStreamConsumer: Operation {
    static let name = "DeregisterStreamConsumer"
    static let input: [Member] = [
        .streamARN, Member("ConsumerName", .name), .consumerARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try await engine.update { (streams, now) throws(ServiceError) in
            let (stream, consumer) = try input.consumer(in: streams, at: now)
            return (nil, try streams.deregisterConsumer(consumer.name, ofStream: stream.name, at: now))
        }
    }
}
