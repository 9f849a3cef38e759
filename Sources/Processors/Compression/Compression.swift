/// How the data of a Kinesis record is made smaller, after its items were put together.
public enum Compression: String, Sendable, Hashable, CaseIterable {
    /// RFC 1952, as zlib writes it at its default level.
    case gzip
    /// RFC 8878, as libzstd writes it at its default level.
    case zstd
}

extension Compression {
    /// The most that the data of one record may become when it is read. A record of 10 MiB, the largest of all, could hold a thousand times
    /// as much: beyond this it is not worth the memory.
    static let mostDecompressed = 32 << 20

    /// The most bytes of data that never take more than `limit` compressed (ZSTD_COMPRESSBOUND in zstd.h adds 1/256 and up to 64 bytes;
    /// zlib's deflateBound adds less).
    static func mostBytes(within limit: Int) -> Int { limit - limit / 256 - 128 }

    func compress(_ data: [UInt8]) -> [UInt8] {
        switch self {
        case .gzip: Gzip.compress(data)
        case .zstd: Zstd.compress(data)
        }
    }

    /// Throws `invalidCompression` where the data is something else, damaged or cut off, and `decompressedTooLarge` beyond `limit` bytes.
    func decompress(_ data: [UInt8], atMost limit: Int = mostDecompressed) throws(ProcessorError) -> [UInt8] {
        switch self {
        case .gzip: try Gzip.decompress(data, atMost: limit)
        case .zstd: try Zstd.decompress(data, atMost: limit)
        }
    }
}

extension ProcessorError {
    static func invalidCompression(_ compression: Compression, _ what: String) -> ProcessorError {
        ProcessorError(
            .invalidCompression, "The data is not \(compression.rawValue): \(what)",
            hint:
                "Read the stream with the processor that wrote it; its compression is not \(compression.rawValue), or the data is damaged.")
    }

    static func decompressedTooLarge(limit: Int) -> ProcessorError {
        ProcessorError(.decompressedTooLarge, "The data is larger than \(limit >> 20) MiB when it is decompressed")
    }
}

/// Output that grows as it is written, up to a limit.
struct BoundedOutput {
    private(set) var bytes: [UInt8] = []
    private let limit: Int

    /// - Parameter expected: the size to begin with.
    init(expected: Int, limit: Int) {
        self.limit = limit
        bytes.reserveCapacity(min(max(expected, 256), limit))
    }

    /// Lets `write` fill some room and say how much of it it has used; false when there is no room left.
    mutating func extend(_ write: (UnsafeMutableRawBufferPointer) -> Int) -> Bool {
        let room = min(max(bytes.count, 4096), limit - bytes.count)
        guard room > 0 else { return false }
        let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            count = write(UnsafeMutableRawBufferPointer(buffer))
        }
        bytes += chunk
        return true
    }
}
