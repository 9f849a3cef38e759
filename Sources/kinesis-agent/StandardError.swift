import Glibc

/// Where everything goes that is not data.
enum StandardError {
    static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { return }
            bytes = bytes.dropFirst(max(count, 0))
        }
    }

    /// On a terminal, unless NO_COLOR (no-color.org) says otherwise.
    static var usesColor: Bool {
        isatty(STDERR_FILENO) == 1 && (ProcessEnvironment.all["NO_COLOR"] ?? "").isEmpty
    }
}
