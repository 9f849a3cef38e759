import JSON

extension KinesisError {
    /// There was no reply.
    init(transport error: TransportError, operation: Operation, stream: StreamIdentifier?) {
        switch error {
        case .timeout:
            self.init(.timeout, code: "Timeout", message: "no reply in time", operation: operation.rawValue, stream: stream?.name)
        case .cancelled:
            self.init(.cancelled, code: "Cancelled", message: "the call was cancelled", operation: operation.rawValue, stream: stream?.name)
        case .connection(let reason):
            self.init(.connection, code: "Connection", message: reason, operation: operation.rawValue, stream: stream?.name)
        }
    }

    /// There was nothing to sign with.
    init(credentials error: CredentialsError, operation: String, stream: StreamIdentifier?) {
        self.init(.noCredentials, code: "NoCredentials", message: error.description, operation: operation, stream: stream?.name)
    }

    /// The reply says success, but it cannot be read.
    init(malformed error: any Error, reply: TransportReply, operation: Operation, stream: StreamIdentifier?) {
        let reason = (error as? MalformedReply)?.reason ?? "the body is not JSON"
        self.init(
            .malformedReply, code: "MalformedReply", message: reason, operation: operation.rawValue, stream: stream?.name,
            requestID: reply.header("x-amzn-requestid"), httpStatus: reply.status)
    }
}
