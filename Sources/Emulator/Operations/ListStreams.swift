/// AWS: Kinesis API Reference, ListStreams.
enum ListStreams: Operation {
    static let name = "ListStreams"
    static let input = [
        Member("Limit", .integer(1...10_000)),
        Member("ExclusiveStartStreamName", .name),
        Member("NextToken", .token),
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try engine.read { (streams, now) throws(ServiceError) in
            let token = try input.string("NextToken").map { (text) throws(ServiceError) in try StreamPageToken(text: text, now: now) }
            let start = token?.lastName ?? input.string("ExclusiveStartStreamName") ?? ""
            let limit = input.integer("Limit") ?? Limits.streamsPerPage
            let following = streams.names(at: now).drop { $0 <= start }
            let page = following.prefix(limit)
            let hasMore = following.count > limit
            var reply = input.reply()
            reply.object { reply in
                reply.member("StreamNames") { $0.array(of: page) { $0.string($1) } }
                reply.member("HasMoreStreams", hasMore)
                if hasMore, let last = page.last {
                    reply.member("NextToken", StreamPageToken(lastName: last, issuedAt: now).text)
                }
                reply.member("StreamSummaries") { reply in
                    reply.array(of: page.compactMap { streams.byName[$0] }) { reply, stream in
                        reply.object {
                            $0.streamHeader(stream, arn: streams.arn(stream.name), status: stream.status(at: now) ?? .deleting)
                        }
                    }
                }
            }
            return reply
        }
    }
}
