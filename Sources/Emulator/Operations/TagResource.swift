/// AWS: Kinesis API Reference, TagResource.
enum TagResource: Operation {
    static let name = "TagResource"
    static let input: [Member] = [
        Member("Tags", .tags, required: true), .resourceARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try await engine.update { (streams, now) throws(ServiceError) in
            let resource = try input.resource(in: streams)
            return (nil, try streams.addTags(input.stringMap("Tags"), to: resource, at: now))
        }
    }
}
