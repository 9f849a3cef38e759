/// Why a call of the Kinesis API did not do what it was asked to.
public struct KinesisError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What a caller can do about it; AWS's own code stays beside it.
    public enum Kind: String, Sendable, CaseIterable {
        /// Too fast for the shard, the account or the key service: slow down and repeat.
        case throttled
        /// The service failed inside: repeat soon.
        case transient
        /// No connection, or it broke. A write may have been applied.
        case connection
        /// No reply in time. A write may have been applied.
        case timeout
        /// The calling task was cancelled.
        case cancelled
        /// The shard iterator is too old or not accepted: ask for a new one behind the last record delivered.
        case expiredIterator = "expired_iterator"
        /// The page token is too old: list from the start.
        case expiredNextToken = "expired_next_token"
        /// The credentials ended or are not known (any more).
        case expiredCredentials = "expired_credentials"
        /// The signature is wrong, or made at a time too far from the service's.
        case invalidSignature = "invalid_signature"
        /// No credentials were found, or their source failed.
        case noCredentials = "no_credentials"
        /// The stream, shard or consumer does not exist.
        case notFound = "not_found"
        /// The identity may not do this.
        case accessDenied = "access_denied"
        /// The stream exists already, or is being created or changed.
        case resourceInUse = "resource_in_use"
        /// An argument is not acceptable in the stream's present state.
        case invalidArgument = "invalid_argument"
        /// The request is not what the API model allows.
        case validation
        /// The stream's encryption key cannot be used: somebody has to put that right.
        case kms
        /// The reply is not what the API model promises.
        case malformedReply = "malformed_reply"
        /// Anything else.
        case other
    }

    /// What a caller can do about it.
    public var kind: Kind
    /// AWS's code (`ResourceNotFoundException`), or `HTTP 502` where there was none.
    public var code: String
    /// AWS's sentence, or ours where there was none. It holds no secret.
    public var message: String
    /// The API operation: `PutRecords`.
    public var operation: String
    /// The stream that the call was about, where there was one.
    public var stream: String?
    /// `x-amzn-RequestId`: what AWS's support asks for.
    public var requestID: String?
    /// Nil where there was no reply.
    public var httpStatus: Int?
    /// The least time to wait that the service asked for (`x-amz-retry-after`).
    public var retryAfter: Duration?

    /// See the properties.
    public init(
        _ kind: Kind, code: String, message: String, operation: String, stream: String? = nil, requestID: String? = nil,
        httpStatus: Int? = nil,
        retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.code = code
        self.message = message
        self.operation = operation
        self.stream = stream
        self.requestID = requestID
        self.httpStatus = httpStatus
        self.retryAfter = retryAfter
    }

    /// The same call may succeed when it is repeated as it is.
    public var isRetryable: Bool {
        switch kind {
        case .throttled, .transient, .connection, .timeout: true
        default: false
        }
    }

    /// A write may have been applied although the call failed: repeating it can write a duplicate.
    public var isAmbiguous: Bool {
        switch kind {
        case .connection, .timeout, .cancelled, .malformedReply, .transient: true
        default: false
        }
    }

    /// For logs: operation, stream, AWS's code and sentence, request.
    public var description: String {
        let place = stream.map { " on stream \($0)" } ?? ""
        let request = requestID.map { " (request \($0))" } ?? ""
        return "\(operation)\(place) failed: \(code): \(message)\(request)"
    }
}
