import JSON
import NIOCore
import OrderedCollections
import Records

/// How bodies are written. A reply is written as its request was.
enum WireFormat: String, Sendable, Hashable {
    case json = "application/x-amz-json-1.1"
    case cbor = "application/x-amz-cbor-1.1"

    /// Nil for a content type that is not of the API.
    init?(contentType: String) {
        switch contentType.prefix(while: { $0 != ";" && $0 != " " }) {
        case "application/x-amz-json-1.1", "application/json": self = .json
        case "application/x-amz-cbor-1.1", "application/cbor": self = .cbor
        default: return nil
        }
    }

    /// Throws SerializationException unless `body` is one object; AWS takes an empty body for an empty one.
    func parse(_ body: ByteBuffer) throws(ServiceError) -> ValueMap {
        guard body.readableBytes > 0 else { return [:] }
        let value: Value
        do {
            value = try body.withUnsafeReadableBytes { bytes in
                switch self {
                case .json: try JSON.parse(bytes)
                case .cbor: try CBORReader.parse(bytes)
                }
            }
        } catch {
            throw .serialization("The request body is not valid \(self == .json ? "JSON" : "CBOR"): \(error)")
        }
        guard case .map(let members) = value else {
            throw .serialization("The request body must be \(self == .json ? "a JSON object" : "a CBOR map")")
        }
        return members
    }
}
