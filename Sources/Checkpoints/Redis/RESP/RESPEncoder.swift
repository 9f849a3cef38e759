import CHiredis
import NIOCore

/// Formats commands as hiredis does.
enum RESPEncoder {
    /// Appends `arguments`, the command's name first, to `buffer`.
    static func encode(_ arguments: [[UInt8]], into buffer: inout ByteBuffer) {
        // One block for all arguments: hiredis takes pointers, which must all hold until it returns.
        let block = arguments.flatMap { $0 }
        let lengths = arguments.map(\.count)
        block.withUnsafeBytes { bytes in
            // An empty block has no address; its arguments are all empty, and hiredis reads none of their bytes.
            let base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
            var offset = 0
            var pointers = lengths.map { length -> UnsafePointer<CChar>? in
                defer { offset += length }
                return (base + offset).assumingMemoryBound(to: CChar.self)
            }
            var command: UnsafeMutablePointer<CChar>?
            let count = redisFormatCommandArgv(&command, Int32(arguments.count), &pointers, lengths)
            // It fails only where memory has run out.
            guard count >= 0, let command else { fatalError("hiredis cannot format a command of \(block.count) bytes") }
            buffer.writeBytes(UnsafeRawBufferPointer(start: command, count: Int(count)))
            redisFreeCommand(command)
        }
    }
}
