import Crypto
import NIOCore

/// The bytes of a request and their hash, of which signatures are made.
struct HashedBody: Sendable {
    let bytes: ByteBuffer
    let hash: SHA256.Digest

    init(_ bytes: ByteBuffer) {
        self.init(bytes, hash: bytes.withUnsafeReadableBytes { SHA256.hash(data: $0) })
    }

    fileprivate init(_ bytes: ByteBuffer, hash: SHA256.Digest) {
        self.bytes = bytes
        self.hash = hash
    }
}

/// The hash of bytes that are being written: it follows so soon that they are in the processor's cache.
struct BodyHash {
    private var hash = SHA256()
    private var place = 0

    /// So much is worth a call.
    private static let step = 16 << 10

    /// Takes in what was written since the last time, or leaves it for the next.
    mutating func follow(_ buffer: ByteBuffer) {
        if buffer.writerIndex - place >= Self.step { take(buffer) }
    }

    /// The bytes, of which nothing more is written.
    mutating func finished(_ buffer: ByteBuffer) -> HashedBody {
        take(buffer)
        return HashedBody(buffer, hash: hash.finalize())
    }

    private mutating func take(_ buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[place...])) }
        place = buffer.writerIndex
    }
}
