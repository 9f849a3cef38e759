extension KinesisError {
    /// The class of an error, by AWS's code and then by the HTTP status: throttling comes as 400 as well as 429.
    ///
    /// Codes: the errors of the Kinesis API model, AWS's "Common errors", and what the AWS SDKs retry
    /// ("Retry behavior" in the AWS SDKs and Tools reference guide).
    static func kind(code: String?, message: String?, status: Int, operation: Operation) -> Kind {
        if let code, let kind = kind(code: code, message: message ?? "", operation: operation) { return kind }
        return kind(status: status)
    }

    private static func kind(code: String, message: String, operation: Operation) -> Kind? {
        switch code {
        case "ProvisionedThroughputExceededException", "LimitExceededException", "KMSThrottlingException", "ThrottlingException",
            "Throttling",
            "ThrottledException", "RequestThrottled", "RequestThrottledException", "RequestLimitExceeded", "TooManyRequestsException",
            "SlowDown", "BandwidthLimitExceeded", "PriorRequestNotComplete":
            return .throttled
        case "InternalFailure", "InternalFailureException", "InternalServerError", "ServiceUnavailable", "ServiceUnavailableException":
            return .transient
        case "RequestTimeout", "RequestTimeoutException":
            return .transient
        case "ExpiredIteratorException":
            return .expiredIterator
        case "InvalidArgumentException":
            // GetRecords has no other argument that could be wrong: the iterator is of another stream, another server or another life of it.
            return operation == .getRecords ? .expiredIterator : .invalidArgument
        case "ExpiredNextTokenException":
            return .expiredNextToken
        case "ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidClientTokenId", "TokenRefreshRequired":
            return .expiredCredentials
        case "InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignatureException", "IncompleteSignature", "RequestExpired",
            "RequestTimeTooSkewed", "RequestInTheFuture", "AuthFailure":
            return .invalidSignature
        case "MissingAuthenticationTokenException", "MissingAuthenticationToken", "NotAuthorizedException":
            return .accessDenied
        case "AccessDeniedException", "AccessDenied", "OptInRequired":
            return .accessDenied
        case "ResourceNotFoundException":
            return .notFound
        case "ResourceInUseException":
            return .resourceInUse
        case "KMSDisabledException", "KMSInvalidStateException", "KMSAccessDeniedException", "KMSNotFoundException", "KMSOptInRequired":
            return .kms
        case "ValidationException", "ValidationError", "SerializationException", "InvalidParameterValue", "MissingParameter":
            return .validation
        default:
            return message.hasPrefix("Signature expired") ? .invalidSignature : nil
        }
    }

    private static func kind(status: Int) -> Kind {
        switch status {
        case 429, 509: .throttled
        case 408, 500, 502, 503, 504: .transient
        case 401, 403: .accessDenied
        case 413: .validation
        default: .other
        }
    }
}
