import CZstd
import Synchronization

/// The Zstandard format by libzstd.
enum Zstd {
    /// Frames that need a larger window than what may be read at all are refused before memory is taken for them.
    private static let largestWindowLog: Int32 = 25

    static func compress(_ data: [UInt8]) -> [UInt8] {
        compressors.use { context in
            let bound = ZSTD_compressBound(data.count)
            return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
                count = data.withUnsafeBytes {
                    ZSTD_compressCCtx(context, output.baseAddress, bound, $0.baseAddress, $0.count, ZSTD_defaultCLevel())
                }
                precondition(ZSTD_isError(count) == 0, "libzstd's bound was too small.")
            }
        }
    }

    /// All frames of the data, one after the other (RFC 8878, section 3).
    static func decompress(_ data: [UInt8], atMost limit: Int) throws(ProcessorError) -> [UInt8] {
        var output = BoundedOutput(expected: data.count * 4, limit: limit + 1)
        var left = -1
        let reason: String? = decompressors.use { context in
            ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
            ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, largestWindowLog)
            return data.withUnsafeBytes { bytes -> String? in
                var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
                while left != 0 || input.pos < input.size {
                    var isFull = false
                    let hasRoom = output.extend { buffer in
                        var out = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
                        left = ZSTD_decompressStream(context, &out, &input)
                        isFull = out.pos == out.size
                        return out.pos
                    }
                    guard hasRoom else { return nil }
                    if ZSTD_isError(left) != 0 { return String(cString: ZSTD_getErrorName(left)) }
                    // Without input and with room to spare, nothing more will come.
                    if left != 0, input.pos == input.size, !isFull { return "it is cut off" }
                }
                return nil
            }
        }
        guard output.bytes.count <= limit else { throw .decompressedTooLarge(limit: limit) }
        if let reason { throw .invalidCompression(.zstd, reason) }
        return output.bytes
    }

    private static let compressors = ContextPool { ZSTD_createCCtx() }
    private static let decompressors = ContextPool { ZSTD_createDCtx() }
}

/// Contexts of libzstd between two uses: making one takes longer than compressing a small record.
private final class ContextPool: Sendable {
    /// Sendable because whoever takes a context out of the pool is its only user.
    private struct Context: @unchecked Sendable { let pointer: OpaquePointer }

    private let free = Mutex<[Context]>([])
    private let make: @Sendable () -> OpaquePointer?

    init(_ make: @escaping @Sendable () -> OpaquePointer?) { self.make = make }

    /// Contexts are as many as threads have compressed at once, and are kept.
    func use<Result>(_ body: (OpaquePointer) -> Result) -> Result {
        guard let context = free.withLock({ $0.popLast() }) ?? make().map(Context.init(pointer:)) else {
            preconditionFailure("libzstd has no memory.")
        }
        defer { free.withLock { $0.append(context) } }
        return body(context.pointer)
    }
}
