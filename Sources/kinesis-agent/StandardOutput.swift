import ArgumentParser
import Glibc
import Records

/// Where data goes. Unbuffered: whoever waits at the other end of a pipe sees each line at once.
enum StandardOutput {
    static func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    /// A document and a newline.
    static func write(json value: Value) throws {
        try write(try IndentedJSON.text(value))
    }

    /// Throws a `Failure` where the data cannot be written; ends the command in peace where nobody reads it any more (`| head`).
    static func write(_ data: [UInt8]) throws {
        var bytes = data[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count >= 0 {
                bytes = bytes.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var entry = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                poll(&entry, 1, 1_000)
            case EPIPE: throw CleanExit.message("")
            default: throw Failure("output_failed", "cannot write to standard output: \(String(cString: strerror(errno)))")
            }
        }
    }
}
