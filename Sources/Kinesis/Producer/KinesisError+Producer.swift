import Coordination

extension KinesisError {
    /// What a producer makes of a PutRecords call that failed as a whole.
    var requestFailure: RequestFailure {
        RequestFailure(producerKind, failure, retryAfter: retryAfter)
    }

    private var producerKind: RequestFailure.Kind {
        switch kind {
        case .throttled: .throttled
        // A stream that is being changed takes records again soon.
        case .transient, .connection, .timeout, .cancelled, .malformedReply, .resourceInUse: .transient
        // The client has refreshed the credentials and corrected the clock once: what gives them may be away for a moment.
        case .expiredCredentials, .invalidSignature, .noCredentials: .lasting(patience: .seconds(60))
        // A stream, a role or a key that was made just now is not known everywhere yet.
        case .notFound, .accessDenied, .kms: .lasting(patience: .seconds(2))
        case .expiredIterator, .expiredNextToken, .invalidArgument, .validation: .fatal
        case .other: (httpStatus ?? 500) >= 500 ? .transient : .fatal
        }
    }
}
