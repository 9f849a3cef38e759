import Crypto
import Wire

/// An opaque token that tells whether anybody has changed it: integers and text, a tag over them, in base64.
///
/// Tokens outlive the process, as the streams do, so the key is fixed: it keeps mistakes out, not attackers, from whom a server on the
/// loopback address has nothing to hide.
struct SealedToken: Sendable {
    private static let key = SymmetricKey(data: Array("kinesis-agent embedded stream tokens".utf8))
    private static let tagLength = 16

    /// Bytes that go in and come out.
    var payload: [UInt8]

    init(_ payload: [UInt8]) {
        self.payload = payload
    }

    /// Nil when `text` is not a token of ours.
    init?(text: String) {
        guard let bytes = Base64.decode(text), bytes.count >= Self.tagLength else { return nil }
        let payload = Array(bytes.dropLast(Self.tagLength))
        guard Self.tag(payload) == Array(bytes.suffix(Self.tagLength)) else { return nil }
        self.payload = payload
    }

    var text: String {
        var bytes: [UInt8] = []
        Base64.encode(payload + Self.tag(payload), into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func tag(_ payload: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: payload, using: key).prefix(tagLength))
    }
}

extension [UInt8] {
    mutating func append(bigEndian value: Int64) {
        for shift in stride(from: 56, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: value >> Int64(shift))) }
    }
}

extension ArraySlice<UInt8> {
    /// Takes eight bytes off the front; nil when there are fewer.
    mutating func takeBigEndian() -> Int64? {
        guard count >= 8 else { return nil }
        defer { removeFirst(8) }
        return prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}
