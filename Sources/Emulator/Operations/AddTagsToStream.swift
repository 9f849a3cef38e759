/// AWS: Kinesis API Reference, AddTagsToStream.
enum AddTagsToStream: Operation {
    static let name = "AddTagsToStream"
    static let input: [Member] = [
        .streamName, Member("Tags", .tags, required: true), .streamARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try await engine.update { (streams, now) throws(ServiceError) in
            let name = try input.streamName(in: streams)
            return (nil, try streams.addTags(input.stringMap("Tags"), to: .stream(name), at: now))
        }
    }
}
