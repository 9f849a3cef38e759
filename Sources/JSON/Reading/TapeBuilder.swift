import CSimdjson
public import Records

/// Parses the texts of a batch one after another onto one tape, and decodes none of them.
///
/// What a tape cannot hold, or what decoding could stumble over, is decoded at once: a text that simdjson refuses and we do not (Python's
/// `NaN`, integers past 64 bits), and one with keys beyond ASCII.
public struct TapeBuilder: ~Copyable {
    private let tape: JSONTape
    private var contents: [Content] = []

    /// A builder without texts; `textBytes` is what they are expected to come to.
    public init(textBytes: Int = 0) {
        tape = JSONTape(textBytes: textBytes)
    }

    /// The number of texts.
    public var count: Int { contents.count }

    /// Adds a text, whose memory is shared; offsets in errors count from the start of the slice.
    public mutating func add(_ bytes: ArraySlice<UInt8>) throws(JSONError) {
        if let text = text(bytes) {
            contents.append(.json(text))
        } else {
            contents.append(.value(try JSON.parse(bytes)))
        }
    }

    /// Takes the last texts back, so that `count` are left.
    public mutating func removeLast(leaving count: Int) {
        contents.removeLast(contents.count - count)
    }

    /// What was added, in its order.
    public consuming func finish() -> [Content] { contents }

    /// Nil where the text has to be decoded at once, or is none.
    private func text(_ bytes: ArraySlice<UInt8>) -> JSONText? {
        let text = Self.trimmed(bytes)
        return text.withUnsafeBytes { bytes in
            defer { JSON.releaseLargeBuffers(bytes.count) }
            let document = JSON.document(bytes)
            guard document.accepted, document.is_plain, let words = document.tape, let strings = document.strings else { return nil }
            return tape.append(
                words: UnsafeBufferPointer(start: words, count: document.tape_count),
                strings: UnsafeBufferPointer(start: strings, count: document.strings_bound), bytes: text, isOneLine: document.is_one_line)
        }
    }

    /// Without the white space around it, of which there is seldom any.
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
        guard let first = bytes.first, let last = bytes.last, isSpace(first) || isSpace(last) else { return bytes }
        let (start, end) = (bytes.firstIndex { !isSpace($0) }, bytes.lastIndex { !isSpace($0) })
        return if let start, let end { bytes[start...end] } else { [] }
    }
}
