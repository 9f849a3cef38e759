/// AWS: Kinesis API Reference, UntagResource.
enum UntagResource: Operation {
    static let name = "UntagResource"
    static let input: [Member] = [
        Member("TagKeys", .tagKeys, required: true), .resourceARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try await engine.update { (streams, now) throws(ServiceError) in
            let resource = try input.resource(in: streams)
            return (nil, try streams.removeTags(input.strings("TagKeys"), from: resource, at: now))
        }
    }
}
