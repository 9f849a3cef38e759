import Coordination
import Testing

@testable import Kinesis

@Suite struct RequestFailureTests {
    @Test(
        "A producer repeats what may pass, slows down when told so, and gives up on what needs a person",
        arguments: KinesisError.Kind.allCases)
    func kinds(kind: KinesisError.Kind) {
        let expected: RequestFailure.Kind =
            switch kind {
            case .throttled: .throttled
            case .transient, .connection, .timeout, .cancelled, .malformedReply, .resourceInUse, .other: .transient
            case .expiredCredentials, .invalidSignature, .noCredentials: .lasting(patience: .seconds(60))
            case .notFound, .accessDenied, .kms: .lasting(patience: .seconds(2))
            default: .fatal
            }
        #expect(KinesisError.fake(kind).requestFailure.kind == expected)
    }

    @Test(
        "An error of no known kind is repeated unless the service says that the request is at fault",
        arguments: [(400, true), (418, true), (520, false)])
    func unknown(status: Int, isFatal: Bool) {
        var error = KinesisError.fake(.other)
        error.httpStatus = status
        #expect((error.requestFailure.kind == .fatal) == isFatal)
    }
}
