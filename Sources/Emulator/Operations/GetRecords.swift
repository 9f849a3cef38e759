/// AWS: Kinesis API Reference, GetRecords.
enum GetRecords: Operation {
    static let name = "GetRecords"
    static let input: [Member] = [
        Member("ShardIterator", .string(length: 1...512), required: true),
        Member("Limit", .integer(1...10_000)),
        .streamARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        let view = try engine.read { (streams, now) throws(ServiceError) -> ShardView in
            let view = try ShardView(try ShardIterator(token: input.required("ShardIterator"), now: now), in: streams, at: now)
            if input.has("StreamARN"), try input.streamName(in: streams) != view.streamName {
                throw .invalidArgument("The ShardIterator is not of the stream that StreamARN names.")
            }
            return view
        }
        try engine.quotas.admitRead(view.shard, of: view.streamName, account: engine.accountID)
        var page = try await engine.store.records(
            shard: view.shard.key, from: view.iterator.counter, limit: input.integer("Limit") ?? Limits.recordsPerReply,
            byteLimit: Limits.bytesPerReply)
        if input.faults.isEmpty, !page.records.isEmpty { page = RecordPage(records: [], hasMore: true) }
        engine.quotas.gave(view.shard.key, bytes: page.records.reduce(0) { $0 + $1.byteCount })
        return reply(ShardReading(view, page), input)
    }

    private static func reply(_ reading: ShardReading, _ input: Input) -> ReplyWriter {
        var reply = input.reply(capacity: reading.replyCapacity)
        reply.object { reply in
            reply.records(reading)
            if let next = reading.next { reply.member("NextShardIterator", next.token) }
            reply.member("MillisBehindLatest", Int(reading.millisecondsBehind))
            if !input.faults.omitsChildren { reply.children(reading) }
        }
        return reply
    }
}
