import JSON
import NIOCore
import NIOHTTP1
import OrderedCollections
import Records

/// A request to the API, up to the point where its operation is known and its body is read.
struct ServiceRequest {
    let operation: any ServiceOperation.Type
    let body: ValueMap

    /// How a request that is not for the API at all is answered: as AWS does, with XML.
    static let unknown = ServiceReply(status: .notFound, body: Array("<UnknownOperationException/>\n".utf8), contentType: nil)

    private static let targetPrefix = "Kinesis_20131202."
    private static let contentTypes: Set<Substring> = ["application/x-amz-json-1.1", "application/json"]

    /// Whether the request can be for the API.
    static func isForService(_ head: HTTPRequestHead) -> Bool {
        guard head.method == .POST, let type = head.headers.first(name: "content-type") else { return false }
        return contentTypes.contains(type.prefix { $0 != ";" && $0 != " " })
    }

    /// Throws SerializationException or UnknownOperationException, in the order in which AWS looks for them.
    init(_ head: HTTPRequestHead, body: ByteBuffer) throws(ServiceError) {
        // AWS takes an empty body for an empty object.
        let value = body.readableBytes == 0 ? .map([:]) : try Self.parse(body)
        guard case .map(let members) = value else { throw .serialization("The request body must be a JSON object") }
        self.body = members
        let target = head.headers.first(name: "x-amz-target") ?? ""
        guard target.hasPrefix(Self.targetPrefix), let operation = Operations.byName[String(target.dropFirst(Self.targetPrefix.count))]
        else {
            throw .unknownOperation(target.isEmpty ? "The request has no X-Amz-Target" : "Unknown operation \(target)")
        }
        self.operation = operation
    }

    private static func parse(_ body: ByteBuffer) throws(ServiceError) -> Value {
        do {
            return try body.withUnsafeReadableBytes { bytes in try JSON.parse(bytes) }
        } catch {
            throw .serialization("The request body is not valid JSON: \(error)")
        }
    }
}

/// A reply before it gets its headers.
struct ServiceReply: Sendable {
    var status: HTTPResponseStatus
    var body: [UInt8]
    /// Nil where AWS sends none.
    var contentType: String? = ReplyWriter.contentType

    init(status: HTTPResponseStatus = .ok, body: [UInt8], contentType: String? = ReplyWriter.contentType) {
        self.status = status
        self.body = body
        self.contentType = contentType
    }

    init(_ error: ServiceError) {
        var writer = ReplyWriter()
        writer.object { writer in
            writer.member("__type", error.code)
            writer.member("message", error.message)
        }
        self.init(status: HTTPResponseStatus(statusCode: error.status), body: writer.bytes)
    }
}
