import CZlib

/// The gzip format by zlib.
enum Gzip {
    /// The window of 32 KiB, and 16 for gzip's header and trailer instead of zlib's (zlib.h, deflateInit2).
    private static let windowBits: Int32 = 15 + 16
    private static let memoryLevel: Int32 = 8

    static func compress(_ data: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        let started = deflateInit2_(
            &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, windowBits, memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(started == Z_OK, "zlib has no memory, or is of another version than at build time.")
        defer { deflateEnd(&stream) }
        return [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(data.count)))) { output, count in
            data.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                let ended = deflate(&stream, Z_FINISH)
                precondition(ended == Z_STREAM_END, "zlib's bound was too small.")
            }
            count = output.count - Int(stream.avail_out)
        }
    }

    /// All members of the data, one after the other (RFC 1952, section 2.2).
    static func decompress(_ data: [UInt8], atMost limit: Int) throws(ProcessorError) -> [UInt8] {
        var stream = z_stream()
        let started = inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(started == Z_OK, "zlib has no memory, or is of another version than at build time.")
        defer { inflateEnd(&stream) }
        var output = BoundedOutput(expected: data.count * 4, limit: limit + 1)
        let end = data.withUnsafeBufferPointer { input -> Int32 in
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.avail_in = UInt32(input.count)
            var status = Z_OK
            while true {
                let hasRoom = output.extend { buffer in
                    stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    stream.avail_out = UInt32(buffer.count)
                    status = inflate(&stream, Z_NO_FLUSH)
                    return buffer.count - Int(stream.avail_out)
                }
                guard hasRoom else { return Z_OK }
                if status == Z_STREAM_END {
                    guard stream.avail_in > 0 else { return Z_STREAM_END }
                    status = inflateReset(&stream)
                }
                guard status == Z_OK else { return status }
            }
        }
        guard output.bytes.count <= limit else { throw .decompressedTooLarge(limit: limit) }
        guard end == Z_STREAM_END else {
            throw .invalidCompression(
                .gzip, end == Z_BUF_ERROR ? "it is cut off" : stream.msg.map { String(cString: $0) } ?? "it is damaged")
        }
        return output.bytes
    }
}
