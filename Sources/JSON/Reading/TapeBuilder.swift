import CSimdjson
public import Records

/// Parses the texts of a batch one after another onto one tape, and decodes none of them.
///
/// What a tape cannot hold, or what decoding could stumble over, is decoded at once: a text that simdjson refuses and we do not (Python's
/// `NaN`, integers past 64 bits), and one with keys beyond ASCII.
public struct TapeBuilder {
    private enum Part {
        case value(Value)
        case text(firstWord: Int, firstString: Int, bytes: ArraySlice<UInt8>, isOneLine: Bool)
    }

    private var parts: [Part] = []
    private var words: [UInt64] = []
    private var strings: [UInt8] = []

    /// A builder without texts.
    public init() {}

    /// The number of texts.
    public var count: Int { parts.count }

    /// Adds a text, whose memory is shared; offsets in errors count from the start of the slice.
    public mutating func add(_ bytes: ArraySlice<UInt8>) throws(JSONError) {
        if let part = text(bytes) {
            parts.append(part)
        } else {
            parts.append(.value(try JSON.parse(bytes)))
        }
    }

    /// Takes the last texts back, so that `count` are left.
    public mutating func removeLast(leaving count: Int) {
        parts.removeLast(parts.count - count)
    }

    /// What was added, in its order.
    public consuming func finish() -> [Content] {
        let tape = JSONTape(words: words, strings: strings)
        return parts.map { part in
            switch part {
            case .value(let value): .value(value)
            case .text(let firstWord, let firstString, let bytes, let isOneLine):
                .json(JSONText(tape: tape, firstWord: firstWord, firstString: firstString, bytes: bytes, isOneLine: isOneLine))
            }
        }
    }

    /// Nil where the text has to be decoded at once, or is none.
    private mutating func text(_ bytes: ArraySlice<UInt8>) -> Part? {
        let text = Self.trimmed(bytes)
        return text.withUnsafeBytes { bytes in
            defer { JSON.releaseLargeBuffers(bytes.count) }
            let document = JSON.document(bytes)
            guard document.accepted, document.is_plain, let tape = document.tape, let strings = document.strings else { return nil }
            let (firstWord, firstString) = (words.count, self.strings.count)
            words.append(contentsOf: UnsafeBufferPointer(start: tape, count: document.tape_count))
            self.strings.append(contentsOf: UnsafeBufferPointer(start: strings, count: document.strings_bound))
            return .text(firstWord: firstWord, firstString: firstString, bytes: text, isOneLine: document.is_one_line)
        }
    }

    /// Without the white space around it.
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
        var text = bytes
        while isSpace(text.first) { text = text.dropFirst() }
        while isSpace(text.last) { text = text.dropLast() }
        return text
    }
}
