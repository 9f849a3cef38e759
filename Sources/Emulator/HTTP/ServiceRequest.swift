import NIOCore
import NIOHTTP1
import Records
import Wire

/// A request to the API, up to the point where its operation is known and its body is read.
struct ServiceRequest {
    let operation: any ServiceOperation.Type
    let body: ValueMap

    /// How a request that is not for the API at all is answered: as AWS does, with XML.
    static let unknown = ServiceReply(status: .notFound, body: Array("<UnknownOperationException/>\n".utf8), contentType: nil)

    private static let targetPrefix = "Kinesis_20131202."

    /// Nil when the request cannot be for the API.
    static func format(_ head: HTTPRequestHead) -> WireFormat? {
        guard head.method == .POST, let type = head.headers.first(name: "content-type") else { return nil }
        return WireFormat(contentType: type)
    }

    /// Throws SerializationException or UnknownOperationException, in the order in which AWS looks for them.
    init(_ head: HTTPRequestHead, _ format: WireFormat, body: ByteBuffer) throws(ServiceError) {
        self.body = try format.parse(body)
        let target = head.headers.first(name: "x-amz-target") ?? ""
        guard target.hasPrefix(Self.targetPrefix), let operation = Operations.byName[String(target.dropFirst(Self.targetPrefix.count))]
        else {
            throw .unknownOperation(target.isEmpty ? "The request has no X-Amz-Target" : "Unknown operation \(target)")
        }
        self.operation = operation
    }
}

/// A reply before it gets its headers.
struct ServiceReply: Sendable {
    var status: HTTPResponseStatus
    var body: [UInt8]
    /// Nil where AWS sends none.
    var contentType: String? = WireFormat.json.rawValue

    init(status: HTTPResponseStatus = .ok, body: [UInt8], contentType: String? = WireFormat.json.rawValue) {
        self.status = status
        self.body = body
        self.contentType = contentType
    }

    init(_ reply: ReplyWriter?, _ format: WireFormat) {
        self.init(body: reply?.bytes ?? [], contentType: format.rawValue)
    }

    init(_ error: ServiceError, _ format: WireFormat) {
        var writer = ReplyWriter(format)
        writer.object { writer in
            writer.member("__type", error.code)
            writer.member("message", error.message)
        }
        self.init(status: HTTPResponseStatus(statusCode: error.status), body: writer.bytes, contentType: format.rawValue)
    }
}
