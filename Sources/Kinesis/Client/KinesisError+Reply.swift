import JSON
import Records
import Wire

extension KinesisError {
    /// Reads the error of a reply whose status is not 2xx. Load balancers and old servers answer with HTML, XML or nothing: any body will do.
    init(reply: TransportReply, operation: Operation, stream: StreamIdentifier?) {
        let stated = Self.statedError(reply)
        let code = stated.code ?? "HTTP \(reply.status)"
        self.init(
            Self.kind(code: stated.code, message: stated.message, status: reply.status, operation: operation), code: code,
            message: stated.message ?? "the service answered with HTTP status \(reply.status)", operation: operation.rawValue,
            stream: stream?.name, requestID: reply.header("x-amzn-requestid"), httpStatus: reply.status,
            retryAfter: reply.header("x-amz-retry-after").flatMap { Int64($0) }.map { .milliseconds($0) })
    }

    /// A body that is longer than this is no error of AWS's.
    private static let longestErrorBody = 64 << 10
    private static let longestMessage = 1024

    private static func statedError(_ reply: TransportReply) -> (code: String?, message: String?) {
        var code = reply.header("x-amzn-errortype").flatMap(bareCode)
        var message: String?
        guard reply.body.count <= longestErrorBody else { return (code, nil) }
        if let fields = errorFields(reply) {
            for name in ["__type", "code", "Code"] {
                if case .string(let type)? = fields[name], let bare = bareCode(type) {
                    code = bare
                    break
                }
            }
            for name in ["message", "Message"] {
                if case .string(let text)? = fields[name] { message = text }
            }
        } else if let element = exceptionElement(reply.body) {
            code = code ?? element
        }
        return (code, message.map { String($0.prefix(longestMessage)) })
    }

    private static func errorFields(_ reply: TransportReply) -> Fields? {
        if reply.format == .cbor {
            return (try? reply.body.withUnsafeBytes { try CBORReader.parse($0) }).flatMap { try? Fields(.cbor($0)) }
        }
        guard reply.body.first == UInt8(ascii: "{") else { return nil }
        return (try? JSON.parse(reply.body)).flatMap { try? Fields($0) }
    }

    /// `com.amazonaws.kinesis.v20131202#X:http://…` is `X`.
    private static func bareCode(_ type: String) -> String? {
        let name = type.prefix { $0 != ":" }
        let bare = name.lastIndex(of: "#").map { name[name.index(after: $0)...] } ?? name
        let isCode = !bare.isEmpty && bare.utf8.count <= 128 && bare.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "_") }
        return isCode ? String(bare) : nil
    }

    /// The first element of `<AccessDeniedException>…` or `<UnknownOperationException/>`, which AWS answers to requests it cannot route.
    private static func exceptionElement(_ body: [UInt8]) -> String? {
        guard body.first == UInt8(ascii: "<") else { return nil }
        let name = String(decoding: body.dropFirst().prefix { $0.isLetterOrDigit }, as: UTF8.self)
        return name.hasSuffix("Exception") ? name : nil
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }
}
