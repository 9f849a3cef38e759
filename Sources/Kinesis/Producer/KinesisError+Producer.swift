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
        case .expiredIterator, .expiredNextToken, .expiredCredentials, .invalidSignature, .noCredentials, .notFound, .accessDenied,
            .invalidArgument, .validation, .kms:
            .fatal
        case .other: (httpStatus ?? 500) >= 500 ? .transient : .fatal
        }
    }
}
