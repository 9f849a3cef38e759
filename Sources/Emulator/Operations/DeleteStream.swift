/// AWS: Kinesis API Reference, DeleteStream.
enum DeleteStream: Operation {
    static let name = "DeleteStream"
    static let input: [Member] = [.streamName, Member("EnforceConsumerDeletion", .boolean), .streamARN, .streamID]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try await engine.update { (streams, now) throws(ServiceError) in
            let withConsumers = input.boolean("EnforceConsumerDeletion") ?? false
            return (nil, try streams.delete(try input.streamName(in: streams), withConsumers: withConsumers, at: now))
        }
    }
}
