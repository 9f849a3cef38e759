import JSON
import NIOCore
import OrderedCollections
import Records
import Wire

extension WireFormat {
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
