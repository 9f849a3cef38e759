import NIOCore

@testable import Kinesis

/// Writes messages of an event stream by the format's description, with a checksum of its own.
enum EventStreamWriter {
    static func message(_ headers: [(String, String)], _ payload: String) -> [UInt8] {
        var encoded: [UInt8] = []
        for (name, value) in headers {
            encoded += [UInt8(name.utf8.count)] + Array(name.utf8) + [7, UInt8(value.utf8.count >> 8), UInt8(value.utf8.count & 0xFF)]
            encoded += Array(value.utf8)
        }
        return message(encodedHeaders: encoded, Array(payload.utf8))
    }

    static func message(encodedHeaders: [UInt8], _ payload: [UInt8]) -> [UInt8] {
        var bytes = bigEndian(UInt32(16 + encodedHeaders.count + payload.count)) + bigEndian(UInt32(encodedHeaders.count))
        bytes += bigEndian(checksum(bytes))
        bytes += encodedHeaders + payload
        return bytes + bigEndian(checksum(bytes))
    }

    static func event(_ payload: String, type: String = "SubscribeToShardEvent") -> [UInt8] {
        message([(":message-type", "event"), (":event-type", type), (":content-type", "application/json")], payload)
    }

    static func exception(_ code: String, _ message: String) -> [UInt8] {
        self.message([(":message-type", "exception"), (":exception-type", code)], #"{"message":"\#(message)"}"#)
    }

    /// Bit by bit (RFC 1952, section 8).
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = .max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 0 ? value >> 1 : value >> 1 ^ 0xEDB8_8320 }
        }
        return ~value
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
}
