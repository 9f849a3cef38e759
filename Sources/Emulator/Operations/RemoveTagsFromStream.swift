/// AWS: Kinesis API Reference, RemoveTagsFromStream.
enum RemoveTagsFromStream: Operation {
    static let name = "RemoveTagsFromStream"
    static let input: [Member] = [
        .streamName, Member("TagKeys", .tagKeys, required: true), .streamARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try await engine.update { (streams, now) throws(ServiceError) in
            let name = try input.streamName(in: streams)
            return (nil, try streams.removeTags(input.strings("TagKeys"), from: .stream(name), at: now))
        }
    }
}
