/// Where each byte of a scalar's text stands in its file, behind quotes, escapes, folded lines and indentation.
///
/// It is worked out only when something is to be reported inside a scalar.
struct ScalarLayout {
    private let file: PipelineFile
    /// For each byte of the text, and for its end, a byte of the file.
    private let offsets: [Int]
    /// Where white space that ends the text begins.
    private let wordsEnd: Int

    init(_ scalar: YAMLScalar, at mark: Mark, in file: PipelineFile) {
        self.file = file
        let start = Self.contentStart(file.offset(line: mark.line, column: mark.column), in: file.bytes)
        let end = file.offset(line: mark.endLine, column: mark.endColumn)
        let text = Array(scalar.text.utf8)
        wordsEnd = text.lastIndex { !Self.isSpace($0) }.map { $0 + 1 } ?? 0
        offsets =
            switch scalar.style {
            case .literal: Self.literal(text, headerAt: start, in: file)
            case .folded: Self.aligned(text, scalar.style, from: Self.lineAfter(start, in: file), to: end, in: file.bytes)
            case .plain: Self.aligned(text, scalar.style, from: start, to: end, in: file.bytes)
            case .singleQuoted, .doubleQuoted: Self.aligned(text, scalar.style, from: start + 1, to: end - 1, in: file.bytes)
            }
    }

    /// The place of a range of the text's bytes: its part on the line where it begins.
    func location(of range: Range<Int>) -> SourceLocation {
        // What is missing at the end is missing after the last word, not after the line end that a block has.
        let start = offsets[min(max(range.lowerBound, 0), range.isEmpty ? wordsEnd : offsets.count - 1)]
        let (line, column) = file.position(of: start)
        guard range.count > 0 else { return SourceLocation(file: file.name, line: line, column: column) }
        let last = offsets[min(max(range.upperBound - 1, 0), offsets.count - 1)]
        let lineEnd = file.position(of: file.lineRange(line).upperBound).column
        let (endLine, endColumn) = file.position(of: last)
        let end = endLine == line ? endColumn + 1 : lineEnd
        return SourceLocation(file: file.name, line: line, column: column, length: max(1, end - column))
    }

    /// Past an anchor: `&name`.
    private static func contentStart(_ start: Int, in bytes: [UInt8]) -> Int {
        var index = start
        if index < bytes.count, bytes[index] == UInt8(ascii: "&") {
            while index < bytes.count, !isSpace(bytes[index]) { index += 1 }
            while index < bytes.count, isSpace(bytes[index]) { index += 1 }
        }
        return min(index, bytes.count)
    }

    private static func lineAfter(_ offset: Int, in file: PipelineFile) -> Int {
        let line = file.position(of: offset).line
        return line < file.lineCount ? file.lineRange(line + 1).lowerBound : file.bytes.count
    }

    /// Each line of the text is the end of a line of the file, whatever its indentation.
    private static func literal(_ text: [UInt8], headerAt header: Int, in file: PipelineFile) -> [Int] {
        var line = file.position(of: header).line
        var offsets: [Int] = []
        for piece in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
            line += 1
            let end = line <= file.lineCount ? file.lineRange(line).upperBound : file.bytes.count
            let start = max(0, end - piece.count)
            // One more for the line's end, or the end of the text.
            offsets.append(contentsOf: (0...piece.count).map { start + $0 })
        }
        return offsets
    }

    /// Walks text and file side by side: what is not white space stands in the file in the same order, line folding only changes white space.
    private static func aligned(_ text: [UInt8], _ style: YAMLScalar.Style, from start: Int, to end: Int, in bytes: [UInt8]) -> [Int] {
        var offsets: [Int] = []
        var cursor = start
        let end = min(max(end, start), bytes.count)
        while offsets.count < text.count {
            let byte = text[offsets.count]
            if style == .doubleQuoted { skipContinuations(&cursor, to: end, in: bytes) }
            if !isSpace(byte) {
                while cursor < end, isSpace(bytes[cursor]) { cursor += 1 }
                if style == .doubleQuoted { skipContinuations(&cursor, to: end, in: bytes) }
            }
            guard cursor < end else {
                offsets.append(end)
                continue
            }
            if style == .doubleQuoted, bytes[cursor] == UInt8(ascii: "\\") {
                let escape = Escape(at: cursor, in: bytes)
                offsets.append(contentsOf: repeatElement(cursor, count: min(escape.textLength, text.count - offsets.count)))
                cursor += escape.sourceLength
            } else {
                offsets.append(cursor)
                if bytes[cursor] == byte {
                    cursor += style == .singleQuoted && byte == UInt8(ascii: "'") ? 2 : 1
                }
            }
        }
        return offsets + [min(cursor, end)]
    }

    /// A backslash at the end of a line takes the line end and the next line's indentation away.
    private static func skipContinuations(_ cursor: inout Int, to end: Int, in bytes: [UInt8]) {
        while cursor + 1 < end, bytes[cursor] == UInt8(ascii: "\\"), bytes[cursor + 1] == 0x0A || bytes[cursor + 1] == 0x0D {
            cursor += 1
            while cursor < end, isSpace(bytes[cursor]) { cursor += 1 }
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    /// An escape of a double-quoted scalar (YAML 1.2.2, section 5.7), and how long its text is in UTF-8.
    private struct Escape {
        var sourceLength = 2
        var textLength = 1

        init(at start: Int, in bytes: [UInt8]) {
            guard start + 1 < bytes.count else { return }
            let digits: Int
            switch bytes[start + 1] {
            case UInt8(ascii: "x"): digits = 2
            case UInt8(ascii: "u"): digits = 4
            case UInt8(ascii: "U"): digits = 8
            case UInt8(ascii: "N"), UInt8(ascii: "_"):
                textLength = 2
                return
            case UInt8(ascii: "L"), UInt8(ascii: "P"):
                textLength = 3
                return
            default: return
            }
            sourceLength += digits
            let code = String(decoding: bytes[min(start + 2, bytes.count)..<min(start + 2 + digits, bytes.count)], as: UTF8.self)
            textLength = UInt32(code, radix: 16).flatMap(Unicode.Scalar.init).map { UTF8.width($0) } ?? 1
        }
    }
}
