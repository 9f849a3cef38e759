/// Cuts a stream of bytes into lines, with their offsets: pure.
struct LineSplitter {
    struct Line: Equatable, Sendable {
        /// Without its line end.
        var data: [UInt8]
        /// Of its first byte.
        var offset: UInt64
        /// Of the byte behind its line end.
        var end: UInt64
        /// It was longer than allowed; `data` is only its beginning.
        var isTooLong = false
    }

    let maxLine: Int
    /// At most two bytes more than `maxLine`, for a line end that does not count.
    private var partial: [UInt8] = []
    /// Where `partial` began.
    private var lineStart: UInt64
    private var offset: UInt64

    init(maxLine: Int, at offset: UInt64 = 0) {
        self.maxLine = maxLine
        lineStart = offset
        self.offset = offset
    }

    /// Bytes after the last line end wait for theirs.
    private var hasPartialLine: Bool { offset > lineStart }

    mutating func feed(_ chunk: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var rest = chunk[...]
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            keep(rest[..<newline])
            offset += UInt64(newline - rest.startIndex + 1)
            lines.append(take())
            rest = rest[(newline + 1)...]
        }
        keep(rest)
        offset += UInt64(rest.count)
        return lines
    }

    /// What is left when no line end will come; nil when nothing is.
    mutating func finish() -> Line? {
        hasPartialLine ? take() : nil
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        partial += bytes.prefix(maxLine + 2 - partial.count)
    }

    private mutating func take() -> Line {
        var data = partial
        partial = []
        // What is longer than this was cut, and its last byte need not be that of the line.
        if data.count <= maxLine + 1, data.last == UInt8(ascii: "\r") { data.removeLast() }
        defer { lineStart = offset }
        guard data.count > maxLine else { return Line(data: data, offset: lineStart, end: offset) }
        return Line(data: Array(data.prefix(maxLine)), offset: lineStart, end: offset, isTooLong: true)
    }
}
