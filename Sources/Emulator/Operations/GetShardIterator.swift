/// AWS: Kinesis API Reference, GetShardIterator.
enum GetShardIterator: Operation {
    static let name = "GetShardIterator"
    static let input: [Member] = [
        .streamName,
        Member("ShardId", .name, required: true),
        Member("ShardIteratorType", .choice(StartingPosition.Kind.allCases.map(\.rawValue)), required: true),
        Member("StartingSequenceNumber", .sequenceNumber),
        Member("Timestamp", .timestamp),
        .streamARN, .streamID,
    ]

    private struct Request: Sendable {
        var stream: Int64
        var shard: Int64
        var start: StartingPosition
        var now: Int64
    }

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        let request = try engine.read { (streams, now) throws(ServiceError) -> Request in
            let stream = try streams.readyStream(try input.streamName(in: streams), at: now)
            let shard = try stream.shard(id: input.required("ShardId"), account: streams.accountID)
            let start = try StartingPosition(
                kind: input.required("ShardIteratorType"), sequence: input.sequenceNumber("StartingSequenceNumber"),
                moment: input.timestamp("Timestamp"), of: name, in: shard, of: stream, account: streams.accountID, at: now)
            try engine.quotas.admitIterator(shard, of: stream.name, account: streams.accountID)
            return Request(stream: stream.id, shard: shard.key, start: start, now: now)
        }
        let counter = try await request.start.counter(in: request.shard, store: engine.store)
        let iterator = ShardIterator(stream: request.stream, shard: request.shard, counter: counter, issuedAt: request.now)
        var reply = input.reply()
        reply.object { $0.member("ShardIterator", iterator.token) }
        return reply
    }
}
