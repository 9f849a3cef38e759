/// AWS: Kinesis API Reference, ListStreamConsumers.
enum ListStreamConsumers: Operation {
    static let name = "ListStreamConsumers"
    static let input: [Member] = [
        .streamARN.required, Member("NextToken", .token), Member("MaxResults", .integer(1...10_000)),
        Member("StreamCreationTimestamp", .timestamp), .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try engine.read { (streams, now) throws(ServiceError) in
            let stream = try streams.stream(try input.streamName(in: streams), at: now)
            if let created = input.timestamp("StreamCreationTimestamp"), created / 1_000 != stream.createdAt / 1_000 {
                throw streams.notFound(stream.name)
            }
            let start = try input.string("NextToken").map { (text) throws(ServiceError) in
                try ConsumerPageToken(text: text, stream: stream.id, now: now).lastName
            }
            let following = stream.consumers.filter { $0.status(at: now) != nil && $0.name > start ?? "" }.sorted { $0.name < $1.name }
            let limit = input.integer("MaxResults") ?? Limits.consumersPerPage
            let page = following.prefix(limit)
            var reply = input.reply()
            reply.object { reply in
                reply.member("Consumers") { reply in
                    reply.array(of: page) { reply, consumer in
                        reply.object { reply in
                            reply.consumer(
                                consumer, streamARN: streams.arn(stream.name), status: consumer.status(at: now) ?? .deleting)
                        }
                    }
                }
                if following.count > limit, let last = page.last {
                    reply.member("NextToken", ConsumerPageToken(stream: stream.id, lastName: last.name, issuedAt: now).text)
                }
            }
            return reply
        }
    }
}
