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
        let page = try await engine.store.records(
            shard: view.shard.key, from: view.iterator.counter, limit: input.integer("Limit") ?? Limits.recordsPerReply,
            byteLimit: Limits.bytesPerReply)
        return reply(ShardReading(view, page), input.format)
    }

    private static func reply(_ reading: ShardReading, _ format: WireFormat) -> ReplyWriter {
        var reply = ReplyWriter(format, capacity: 512 + reading.records.reduce(0) { $0 + $1.byteCount * 4 / 3 + 240 })
        reply.object { reply in
            reply.member("Records") { reply in
                reply.array(of: reading.records) { reply, record in
                    reply.object { reply in
                        reply.member("SequenceNumber", sequence: record.counter, in: reading.sequences)
                        reply.member("ApproximateArrivalTimestamp", timestamp: record.arrivedAt)
                        reply.member("Data", blob: record.data)
                        reply.member("PartitionKey", record.partitionKey)
                        reply.member("EncryptionType", reading.encryptionType)
                    }
                }
            }
            if let next = reading.next { reply.member("NextShardIterator", next.token) }
            reply.member("MillisBehindLatest", Int(reading.millisecondsBehind))
            if !reading.children.isEmpty {
                reply.member("ChildShards") { $0.array(of: reading.children) { $0.childShard($1) } }
            }
        }
        return reply
    }
}

extension ReplyWriter {
    /// AWS: ChildShard.
    fileprivate mutating func childShard(_ shard: ShardState) {
        object { reply in
            reply.member("ShardId", shard.id)
            reply.member("ParentShards") { reply in
                reply.array(of: [shard.parentIndex, shard.adjacentParentIndex].compactMap { $0 }) { $0.string(ShardState.id($1)) }
            }
            reply.member("HashKeyRange") { $0.hashKeyRange(shard.hashRange) }
        }
    }
}
