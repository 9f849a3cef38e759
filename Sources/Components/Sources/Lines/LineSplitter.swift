import Records

/// Cuts a stream of bytes into lines, with their offsets: pure. A line that lies within one chunk shares the chunk's memory; an empty one
/// holds nothing, and is left out.
struct LineSplitter {
    let maxLine: Int
    /// At most two bytes more than `maxLine`, for a line end that does not count.
    private var partial: [UInt8] = []
    /// Where `partial` began.
    private var lineStart: UInt64
    private var offset: UInt64
    /// Chunks of one file are alike: one tells how many lines the next will have.
    private var lastCount = 0

    init(maxLine: Int, at offset: UInt64 = 0) {
        self.maxLine = maxLine
        lineStart = offset
        self.offset = offset
    }

    /// Bytes after the last line end wait for theirs.
    private var hasPartialLine: Bool { offset > lineStart }

    mutating func feed(_ chunk: [UInt8]) -> Lines {
        let bytes = chunk[...]
        var lines = Lines()
        lines.reserveCapacity(lastCount + lastCount / 8)
        var start = 0
        while let newline = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start) {
            let hadPartialLine = hasPartialLine
            offset += UInt64(newline - start + 1)
            if hadPartialLine {
                keep(chunk[start..<newline])
                take(into: &lines)
            } else {
                add(start..<newline, of: chunk, to: &lines)
            }
            start = newline + 1
        }
        keep(chunk[start...])
        offset += UInt64(chunk.count - start)
        lastCount = lines.count
        return lines
    }

    /// What is left when no line end will come: one line, or none.
    mutating func finish() -> Lines {
        var lines = Lines()
        if hasPartialLine { take(into: &lines) }
        return lines
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        partial += bytes.prefix(maxLine + 2 - partial.count)
    }

    private mutating func take(into lines: inout Lines) {
        add(partial.indices, of: partial, to: &lines)
        partial = []
    }

    /// The line that ends here; of one that was cut, the last byte need not be that of the line.
    private mutating func add(_ range: Range<Int>, of array: [UInt8], to lines: inout Lines) {
        var range = range
        if range.count <= maxLine + 1, let last = range.last, array[last] == UInt8(ascii: "\r") { range.removeLast() }
        if !range.isEmpty {
            lines.append(range.prefix(maxLine), of: array, offset: lineStart, end: offset, isTooLong: range.count > maxLine)
        }
        lineStart = offset
    }
}
