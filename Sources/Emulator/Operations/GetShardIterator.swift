import Records

/// AWS: Kinesis API Reference, GetShardIterator.
enum GetShardIterator: Operation {
    static let name = "GetShardIterator"
    static let input: [Member] = [
        .streamName,
        Member("ShardId", .name, required: true),
        Member("ShardIteratorType", .choice(IteratorType.allCases.map(\.rawValue)), required: true),
        Member("StartingSequenceNumber", .sequenceNumber),
        Member("Timestamp", .timestamp),
        .streamARN, .streamID,
    ]

    private enum IteratorType: String, CaseIterable {
        case atSequenceNumber = "AT_SEQUENCE_NUMBER"
        case afterSequenceNumber = "AFTER_SEQUENCE_NUMBER"
        case trimHorizon = "TRIM_HORIZON"
        case latest = "LATEST"
        case atTimestamp = "AT_TIMESTAMP"
    }

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        let request = try engine.read { (streams, now) throws(ServiceError) -> Request in
            let stream = try streams.readyStream(try input.streamName(in: streams), at: now)
            let id = input.required("ShardId")
            guard let position = stream.position(ofShard: id) else {
                throw .resourceNotFound("Shard \(id) in stream \(stream.name) under account \(streams.accountID) does not exist")
            }
            let shard = stream.shards[position]
            let start = try start(input, in: shard, of: stream, account: streams.accountID, at: now)
            return Request(stream: stream.id, shard: shard.key, start: start, now: now)
        }
        let counter =
            switch request.start {
            case .counter(let counter): counter
            case .arrival(let moment): try await engine.store.counter(shard: request.shard, arrivedAtOrAfter: moment)
            }
        let iterator = ShardIterator(stream: request.stream, shard: request.shard, counter: counter, issuedAt: request.now)
        var reply = input.reply()
        reply.object { $0.member("ShardIterator", iterator.token) }
        return reply
    }

    private struct Request: Sendable {
        var stream: Int64
        var shard: Int64
        var start: Start
        var now: Int64
    }

    private enum Start: Sendable {
        case counter(Int64)
        /// The first record that arrived then or later; milliseconds since 1970.
        case arrival(Int64)
    }

    private static func start(
        _ input: Input, in shard: ShardState, of stream: StreamState, account: String, at now: Int64
    ) throws(ServiceError) -> Start {
        switch IteratorType(rawValue: input.required("ShardIteratorType")) {
        case .latest:
            // What is stored decides: numbers given to records that a crash kept from being stored are given again.
            return .arrival(.max)
        case .atSequenceNumber:
            return .counter(try counter(input, in: shard, of: stream, account: account))
        case .afterSequenceNumber:
            return .counter(try counter(input, in: shard, of: stream, account: account) + 1)
        case .atTimestamp:
            guard let moment = input.timestamp("Timestamp") else {
                throw .invalidArgument("Must either specify timestamp or choose a shard iterator type other than AT_TIMESTAMP.")
            }
            guard moment <= now else { throw .futureTimestamp(moment, now) }
            return .arrival(moment)
        case .trimHorizon, nil:
            return .counter(0)
        }
    }

    private static func counter(
        _ input: Input, in shard: ShardState, of stream: StreamState, account: String
    ) throws(ServiceError) -> Int64 {
        guard let number = input.sequenceNumber("StartingSequenceNumber") else {
            throw .invalidArgument(
                "Must either specify starting sequence number or choose a shard iterator type other than AT_SEQUENCE_NUMBER and "
                    + "AFTER_SEQUENCE_NUMBER.")
        }
        guard let counter = shard.sequences.counter(of: number), counter <= shard.nextCounter else {
            throw .invalidArgument(
                "StartingSequenceNumber \(number) used in GetShardIterator on shard \(shard.id) in stream \(stream.name) under account "
                    + "\(account) is invalid because it did not come from this stream.")
        }
        return counter
    }
}
