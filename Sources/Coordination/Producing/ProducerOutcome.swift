public import Records

/// What became of one record of a request.
public enum RecordOutcome: Sendable, Hashable {
    /// The record is in this shard.
    case stored(shard: String)
    /// The record is not in the stream. `code` is AWS's: `ProvisionedThroughputExceededException`, `InternalFailure`, ….
    case failed(code: String, message: String)
}

/// What became of a request.
public enum RequestOutcome: Sendable, Hashable {
    /// One outcome a record, in the request's order.
    case answered([RecordOutcome])
    /// No record has an answer; some or all may be stored nevertheless.
    case failed(RequestFailure)
}

/// Why a request has no answer for its records.
public struct RequestFailure: Error, Sendable, Hashable {
    /// What a producer does about it.
    public enum Kind: Sendable, Hashable {
        /// Sends again soon: timeouts, cut connections, errors of the service.
        case transient
        /// Sends again later and slower.
        case throttled
        /// Sends again soon, and gives up when nothing was stored for so long: access, keys and credentials take a while to come into force.
        case lasting(patience: Duration)
        /// Gives up: nothing about the next attempt would be different.
        case fatal
    }

    /// What a producer does about it.
    public var kind: Kind
    /// What happened.
    public var failure: Failure
    /// The least time to wait that the service asked for.
    public var retryAfter: Duration?

    /// See the properties.
    public init(_ kind: Kind, _ failure: Failure, retryAfter: Duration? = nil) {
        self.kind = kind
        self.failure = failure
        self.retryAfter = retryAfter
    }
}

extension RecordOutcome {
    /// How a producer takes an error code of a record.
    ///
    /// AWS documents two codes for records, both worth another attempt. What it lets through beyond them is tried again as well, unless it is
    /// known to need a person. (Errors of the PutRecords API reference.)
    static func kind(ofCode code: String) -> RequestFailure.Kind {
        switch code {
        case "ProvisionedThroughputExceededException", "LimitExceededException", "ThrottlingException", "KMSThrottlingException": .throttled
        case "AccessDeniedException", "InvalidArgumentException", "ResourceNotFoundException", "ValidationException",
            "KMSAccessDeniedException",
            "KMSDisabledException", "KMSInvalidStateException", "KMSNotFoundException", "KMSOptInRequired":
            .fatal
        default: .transient
        }
    }
}
