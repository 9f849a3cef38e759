import Coordination

extension KinesisError {
    /// What follows from it for the reader of a shard.
    var readFailure: ReadFailure {
        switch kind {
        case .throttled: .throttled(retryAfter: retryAfter)
        case .transient, .connection, .timeout: .transient(retryAfter: retryAfter)
        case .expiredIterator: .expiredIterator
        // GetRecords and GetShardIterator know it too, from a stream that is being deleted or created: only a subscription waits for it.
        case .resourceInUse: operation == Operation.subscribeToShard.rawValue ? .inUse : .persistent
        // A metadata service that is away, a proxy's page in place of a reply: it may pass.
        case .noCredentials, .expiredCredentials, .malformedReply, .other: .persistent
        case .cancelled, .expiredNextToken, .invalidSignature, .notFound, .accessDenied, .invalidArgument, .validation, .kms: .fatal
        }
    }

    /// The service's answers about a shard's end did not agree with each other for too long.
    static func contradictoryEnd(of shard: String, _ stream: StreamIdentifier, _ operation: Operation) -> KinesisError {
        KinesisError(
            .malformedReply, code: "ContradictoryReply",
            message:
                "the replies for \(shard) do not say whether it is at its end: its children, its next iterator and ListShards disagree",
            operation: operation.rawValue, stream: stream.name)
    }
}
