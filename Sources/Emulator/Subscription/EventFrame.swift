import Wire

/// A message of an event stream (AWS SDKs and Tools: `application/vnd.amazon.eventstream`).
///
/// Big-endian: its length, the length of its headers, a checksum of those eight bytes, headers, payload, a checksum of all before.
struct EventFrame: Sendable {
    static let contentType = "application/vnd.amazon.eventstream"

    /// Names with their values, all of them strings.
    var headers: [(name: String, value: String)]
    var payload: [UInt8]

    static func event(_ type: String, _ payload: ReplyWriter) -> EventFrame {
        EventFrame(
            headers: [(":message-type", "event"), (":event-type", type), (":content-type", payload.format.rawValue)], payload: payload.bytes
        )
    }

    /// The failure of a stream that has begun.
    static func exception(_ error: ServiceError, _ format: WireFormat) -> EventFrame {
        var writer = ReplyWriter(format)
        writer.object { $0.member("message", error.message) }
        return EventFrame(
            headers: [(":message-type", "exception"), (":exception-type", error.code), (":content-type", format.rawValue)],
            payload: writer.bytes)
    }

    private static let stringType: UInt8 = 7
    /// The prelude with its checksum, and the checksum at the end.
    private static let overhead = 16

    var bytes: [UInt8] {
        var encodedHeaders: [UInt8] = []
        for (name, value) in headers {
            encodedHeaders.append(UInt8(name.utf8.count))
            encodedHeaders += name.utf8
            encodedHeaders.append(Self.stringType)
            encodedHeaders += [UInt8(value.utf8.count >> 8), UInt8(value.utf8.count & 0xff)]
            encodedHeaders += value.utf8
        }
        let length = Self.overhead + encodedHeaders.count + payload.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length)
        bytes.append(bigEndian: UInt32(length))
        bytes.append(bigEndian: UInt32(encodedHeaders.count))
        bytes.append(bigEndian: CRC32.checksum(bytes[...]))
        bytes += encodedHeaders
        bytes += payload
        bytes.append(bigEndian: CRC32.checksum(bytes[...]))
        return bytes
    }

}

extension [UInt8] {
    fileprivate mutating func append(bigEndian value: UInt32) {
        for shift in [24, 16, 8, 0] { append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }
}
