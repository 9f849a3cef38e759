/// How the bodies of the Kinesis API are written; the raw value is their content type. A reply is written as its request was.
public enum WireFormat: String, Sendable, Hashable {
    /// JSON, in which blobs are base64.
    case json = "application/x-amz-json-1.1"
    /// CBOR (RFC 8949), in which blobs are bytes and timestamps milliseconds.
    case cbor = "application/x-amz-cbor-1.1"

    /// Nil for a content type that is not of the API.
    public init?(contentType: String) {
        switch contentType.prefix(while: { $0 != ";" && $0 != " " }) {
        case "application/x-amz-json-1.1", "application/json": self = .json
        case "application/x-amz-cbor-1.1", "application/cbor": self = .cbor
        default: return nil
        }
    }
}
