/// AWS: Kinesis API Reference, DeleteStream.
enum DeleteStream: Operation {
    static let name = "DeleteStream"
    static let input = .stream + [Member("EnforceConsumerDeletion", .boolean)]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try await engine.update { (streams, now) throws(ServiceError) in
            (nil, try streams.delete(try input.streamName(in: streams), at: now))
        }
    }
}
