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
    private var partial: [UInt8] = []
    private var isTooLong = false
    /// Where `partial` began.
    private var lineStart: UInt64
    private var offset: UInt64

    init(maxLine: Int, at offset: UInt64 = 0) {
        self.maxLine = maxLine
        lineStart = offset
        self.offset = offset
    }

    /// The offset behind the last whole line.
    var consumed: UInt64 { lineStart }
    /// Bytes after the last line end wait for theirs.
    var hasPartialLine: Bool { offset > lineStart }

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
        let room = maxLine - partial.count
        if bytes.count > room { isTooLong = true }
        partial += bytes.prefix(max(room, 0))
    }

    private mutating func take() -> Line {
        if !isTooLong, partial.last == UInt8(ascii: "\r") { partial.removeLast() }
        let line = Line(data: partial, offset: lineStart, end: offset, isTooLong: isTooLong)
        partial.removeAll(keepingCapacity: partial.capacity < 64 * 1024)
        isTooLong = false
        lineStart = offset
        return line
    }
}
