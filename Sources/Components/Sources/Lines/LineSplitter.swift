import Records

/// Cuts a stream of bytes into lines, with their offsets: pure. A line that lies within one chunk shares the chunk's memory.
struct LineSplitter {
    struct Line: Equatable, Sendable {
        /// Without its line end.
        var data: ArraySlice<UInt8>
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
        let bytes = chunk[...]
        var lines: [Line] = []
        var start = 0
        while let newline = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start) {
            let hadPartialLine = hasPartialLine
            offset += UInt64(newline - start + 1)
            if hadPartialLine {
                keep(chunk[start..<newline])
                lines.append(take())
            } else {
                lines.append(line(chunk[start..<newline]))
            }
            start = newline + 1
        }
        keep(chunk[start...])
        offset += UInt64(chunk.count - start)
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
        defer { partial = [] }
        return line(partial[...])
    }

    /// The line that ends here; of one that was cut, the last byte need not be that of the line.
    private mutating func line(_ bytes: ArraySlice<UInt8>) -> Line {
        defer { lineStart = offset }
        var data = bytes
        if data.count <= maxLine + 1, data.last == UInt8(ascii: "\r") { data.removeLast() }
        guard data.count > maxLine else { return Line(data: data, offset: lineStart, end: offset) }
        return Line(data: data.prefix(maxLine), offset: lineStart, end: offset, isTooLong: true)
    }
}
