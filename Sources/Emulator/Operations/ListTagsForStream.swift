/// AWS: Kinesis API Reference, ListTagsForStream.
enum ListTagsForStream: Operation {
    static let name = "ListTagsForStream"
    static let input: [Member] = [
        .streamName, Member("ExclusiveStartTagKey", .string(length: 1...128)), Member("Limit", .integer(1...50)), .streamARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try engine.read { (streams, now) throws(ServiceError) in
            let start = input.string("ExclusiveStartTagKey") ?? ""
            let tags = try streams.tags(of: .stream(try input.streamName(in: streams)), at: now)
                .filter { $0.key > start }.sorted { $0.key < $1.key }
            let limit = input.integer("Limit") ?? Limits.tagsPerResource
            var reply = input.reply()
            reply.object { reply in
                reply.member("Tags") { $0.tags(tags.prefix(limit).map { (key: $0.key, value: $0.value) }) }
                reply.member("HasMoreTags", tags.count > limit)
            }
            return reply
        }
    }
}
