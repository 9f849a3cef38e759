import CHiredis
import NIOCore

/// Replies that Redis does not send: the connection cannot be used any further.
struct RESPViolation: Error, Hashable, CustomStringConvertible {
    let description: String
}

/// Parses replies with hiredis's reader, from bytes cut anywhere. For one connection, on its event loop.
final class RESPDecoder {
    /// Above the largest answer by far: 100,000 rows of leases are some 50 MB.
    static let bytesMax = 128 * 1024 * 1024

    private let reader: UnsafeMutablePointer<redisReader>

    init() {
        // Nil only where memory has run out.
        reader = redisReaderCreate()
    }

    deinit {
        redisReaderFree(reader)
    }

    func feed(_ bytes: ByteBufferView) throws(RESPViolation) {
        // hiredis copies nothing and fails when there is nothing to feed and nothing to keep.
        guard !bytes.isEmpty else { return }
        let status = bytes.withUnsafeBytes { bytes in
            redisReaderFeed(reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard status == REDIS_OK else { throw violation() }
        guard reader.pointee.len - reader.pointee.pos <= Self.bytesMax else {
            throw RESPViolation(description: "a reply of more than \(Self.bytesMax) bytes")
        }
    }

    /// The next complete reply; nil when more bytes are needed.
    func next() throws(RESPViolation) -> RESPValue? {
        var reply: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &reply) == REDIS_OK else { throw violation() }
        guard let reply else { return nil }
        defer { freeReplyObject(reply) }
        return Self.value(reply.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private static func value(_ reply: redisReply) -> RESPValue {
        switch reply.type {
        case REDIS_REPLY_STRING: .string(bytes(reply))
        case REDIS_REPLY_STATUS: .status(String(decoding: bytes(reply), as: UTF8.self))
        case REDIS_REPLY_ERROR: .error(RESPError(text: String(decoding: bytes(reply), as: UTF8.self)))
        case REDIS_REPLY_INTEGER: .integer(reply.integer)
        case REDIS_REPLY_ARRAY:
            .array((0..<reply.elements).map { index in reply.element[index].map { value($0.pointee) } ?? .null })
        default: .null
        }
    }

    private static func bytes(_ reply: redisReply) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: reply.str, count: reply.len))
    }

    private func violation() -> RESPViolation {
        let text = withUnsafeBytes(of: &reader.pointee.errstr) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return RESPViolation(description: text.isEmpty ? "unreadable reply" : text)
    }
}
