import Records
import Testing

@testable import Kinesis

@Suite("Errors of the service")
struct ErrorClassificationTests {
    private func error(_ reply: TransportReply, _ operation: Kinesis.Operation = .putRecords) -> KinesisError {
        KinesisError(reply: reply, operation: operation, stream: .name("orders"))
    }

    @Test(
        "a code decides what can be done, whatever the status",
        arguments: [
            (KinesisError.Kind.throttled, ["ProvisionedThroughputExceededException", "LimitExceededException", "KMSThrottlingException"]),
            (.throttled, ["ThrottlingException", "Throttling", "ThrottledException", "RequestThrottled", "RequestThrottledException"]),
            (
                .throttled,
                ["RequestLimitExceeded", "TooManyRequestsException", "SlowDown", "BandwidthLimitExceeded", "PriorRequestNotComplete"]
            ),
            (.transient, ["InternalFailure", "InternalFailureException", "InternalServerError", "ServiceUnavailable", "RequestTimeout"]),
            (.transient, ["RequestTimeoutException"]),
            (.expiredIterator, ["ExpiredIteratorException"]), (.expiredNextToken, ["ExpiredNextTokenException"]),
            (.expiredCredentials, ["ExpiredTokenException", "UnrecognizedClientException"]),
            (.invalidSignature, ["InvalidSignatureException", "RequestTimeTooSkewed", "RequestExpired", "IncompleteSignatureException"]),
            (.accessDenied, ["AccessDeniedException", "MissingAuthenticationTokenException"]), (.notFound, ["ResourceNotFoundException"]),
            (.resourceInUse, ["ResourceInUseException"]), (.invalidArgument, ["InvalidArgumentException"]),
            (.validation, ["ValidationException", "SerializationException"]),
            (
                .kms,
                [
                    "KMSDisabledException", "KMSInvalidStateException", "KMSAccessDeniedException", "KMSNotFoundException",
                    "KMSOptInRequired",
                ]
            ),
            (.other, ["UnknownOperationException", "SomethingNewException"]),
        ])
    func codes(kind: KinesisError.Kind, codes: [String]) {
        for code in codes {
            let error = error(.error(code, status: 400))
            #expect(error.kind == kind, "\(code)")
            #expect(error.code == code)
            #expect(error.isRetryable == (kind == .throttled || kind == .transient), "\(code)")
        }
    }

    @Test(
        "a status decides where there is no code",
        arguments: [
            (429, KinesisError.Kind.throttled), (509, .throttled), (500, .transient), (502, .transient), (503, .transient),
            (504, .transient),
            (403, .accessDenied), (413, .validation), (404, .other), (400, .other), (301, .other),
        ])
    func statuses(status: Int, kind: KinesisError.Kind) {
        for body in ["", "<html><body>Bad Gateway</body></html>", "{", "[]", "null", #"{"__type":7}"#, "\u{FFFD}"] {
            let error = error(.text(body, status: status))
            #expect(error.kind == kind, "\(body)")
            #expect(error.code == "HTTP \(status)")
        }
    }

    @Test("an iterator that GetRecords does not accept asks for a new one")
    func iterator() {
        #expect(error(.error("InvalidArgumentException"), .getRecords).kind == .expiredIterator)
        #expect(error(.error("InvalidArgumentException"), .getShardIterator).kind == .invalidArgument)
    }

    @Test("a signature of another time is one that a clock can put right, whatever its code")
    func skew() {
        let reply = TransportReply.error("SomethingException", message: "Signature expired: 20260102T030405Z is now earlier than …")
        #expect(error(reply).kind == .invalidSignature)
    }

    @Test(
        "codes are found in every place that AWS puts them",
        arguments: [
            (TransportReply.error("com.amazonaws.kinesis.v20131202#ResourceNotFoundException"), "ResourceNotFoundException"),
            (.error("ResourceNotFoundException:http://internal.amazon.com/x#y/"), "ResourceNotFoundException"),
            (.json("{}", status: 400, headers: [("X-Amzn-ErrorType", "ThrottlingException:http://x/")]), "ThrottlingException"),
            (.json(#"{"Message":"m","code":"AccessDeniedException"}"#, status: 400), "AccessDeniedException"),
            (.text("<AccessDeniedException>\n  <Message>Unable to determine</Message>", status: 403), "AccessDeniedException"),
            (.text("<UnknownOperationException/>\n", status: 404), "UnknownOperationException"),
        ])
    func places(reply: TransportReply, code: String) {
        #expect(error(reply).code == code)
    }

    @Test("an error tells the request, AWS's sentence and how long to wait")
    func details() {
        let error = error(
            .json(
                #"{"__type":"ThrottlingException","Message":"Rate exceeded"}"#, status: 400,
                headers: [("x-amzn-RequestId", "abc-1"), ("x-amz-retry-after", "250")]))
        #expect(error.message == "Rate exceeded" && error.requestID == "abc-1" && error.retryAfter == .milliseconds(250))
        #expect(error.httpStatus == 400 && error.stream == "orders" && error.operation == "PutRecords")
    }

    @Test("a person is told what to do", arguments: KinesisError.Kind.allCases)
    func failures(kind: KinesisError.Kind) {
        let failure = KinesisError(kind, code: "C", message: "the reason.", operation: "DescribeStreamSummary", stream: "orders").failure
        #expect(failure.code == "kinesis_\(kind.rawValue)")
        #expect(failure.message == #"Kinesis DescribeStreamSummary on stream "orders" failed: C: the reason"#)
        #expect((failure.hint == nil) == (kind == .cancelled || kind == .other))
        if kind == .notFound { #expect(failure.hint?.contains("kinesis-agent stream create orders") == true) }
    }

    @Test("what is no answer of Kinesis points to the endpoint")
    func otherServers() {
        let failure = error(.text("<html>Not Found</html>", status: 404)).failure
        #expect(failure.message.contains("HTTP 404"))
        #expect(failure.hint?.contains("endpoint") == true)
    }

    @Test("a long body of a proxy is not taken for a message")
    func longBodies() {
        let long = String(repeating: "x", count: 100_000)
        #expect(error(.text(#"{"__type":"ThrottlingException","message":"\#(long)"}"#, status: 400)).code == "HTTP 400")
        let cut = error(.error("ThrottlingException", message: String(repeating: "x", count: 5_000)))
        #expect(cut.message.count == 1024)
    }
}
