import Glibc

/// The lines of standard input, as bytes without their ends, text or not. Reading blocks: for commands that do nothing else meanwhile.
struct InputLines: Sequence, IteratorProtocol {
    private let input = fdopen(STDIN_FILENO, "r")

    /// Nil at the end.
    mutating func next() -> [UInt8]? {
        var buffer: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(buffer) }
        let count = input.map { getline(&buffer, &capacity, $0) } ?? -1
        guard count >= 0, let buffer else { return nil }
        var line = Array(UnsafeRawBufferPointer(start: buffer, count: count))
        if line.last == UInt8(ascii: "\n") { line.removeLast() }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }
}
