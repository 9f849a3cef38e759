/// An action whose reply is a stream of events.
protocol EventStreamOperation: ServiceOperation {
    /// Throws `ServiceError` for what is wrong before the stream begins.
    static func subscribe(_ input: Input, on engine: StreamEngine) async throws -> Subscription
}

/// AWS: Kinesis API Reference, SubscribeToShard.
enum SubscribeToShard: EventStreamOperation {
    static let name = "SubscribeToShard"
    static let input = [
        Member("ConsumerARN", .string(length: 1...2_048, pattern: .consumerARN), required: true),
        .streamID,
        Member("ShardId", .name, required: true),
        Member(
            "StartingPosition",
            .structure([
                Member("Type", .choice(StartingPosition.Kind.allCases.map(\.rawValue)), required: true),
                Member("SequenceNumber", .sequenceNumber),
                Member("Timestamp", .timestamp),
            ]), required: true),
    ]

    private struct Start: Sendable {
        var view: ShardView
        var position: StartingPosition
    }

    static func subscribe(_ input: Input, on engine: StreamEngine) async throws -> Subscription {
        let arn = input.required("ConsumerARN")
        let start = try engine.read { (streams, now) throws(ServiceError) -> Start in
            let stream = try streams.subscribedStream(arn, at: now)
            let shard = try stream.shard(id: input.required("ShardId"), account: streams.accountID)
            guard let declared = input.structure("StartingPosition") else { preconditionFailure("StartingPosition is required") }
            let position = try StartingPosition(
                kind: declared.required("Type"), sequence: declared.sequenceNumber("SequenceNumber"),
                moment: declared.timestamp("Timestamp"), of: name, in: shard, of: stream, account: streams.accountID, at: now)
            let iterator = ShardIterator(stream: stream.id, shard: shard.key, counter: 0, issuedAt: now)
            return Start(view: try ShardView(iterator, in: streams, at: now), position: position)
        }
        let shard = start.view.shard
        let counter = try await start.position.counter(in: shard.key, store: engine.store)
        let ticket = try engine.subscriptions.begin(.init(consumerARN: arn, shard: shard.key))
        return Subscription(
            engine: engine, ticket: ticket, stream: start.view.iterator.stream, shard: shard.key, counter: counter,
            format: input.format, faults: input.faults)
    }
}
