import Glibc

/// Where data goes. Unbuffered: whoever waits at the other end of a pipe sees each line at once.
enum StandardOutput {
    static func write(_ text: String) {
        write(Array(text.utf8))
    }

    static func write(_ data: [UInt8]) {
        var bytes = data[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return }
            bytes = bytes.dropFirst(max(count, 0))
        }
    }
}
