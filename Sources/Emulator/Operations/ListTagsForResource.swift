/// AWS: Kinesis API Reference, ListTagsForResource.
enum ListTagsForResource: Operation {
    static let name = "ListTagsForResource"
    static let input: [Member] = [
        .resourceARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try engine.read { (streams, now) throws(ServiceError) in
            let tags = try streams.tags(of: try input.resource(in: streams), at: now).sorted { $0.key < $1.key }
            var reply = input.reply()
            reply.object { $0.member("Tags") { $0.tags(tags.map { (key: $0.key, value: $0.value) }) } }
            return reply
        }
    }
}
