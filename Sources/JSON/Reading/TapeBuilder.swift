import CSimdjson
public import Records

/// Parses the texts of a batch one after another onto one tape, and decodes none of them.
///
/// What a tape cannot hold, or what decoding could stumble over, is decoded at once: a text that simdjson refuses and we do not (Python's
/// `NaN`, integers past 64 bits), and one with keys beyond ASCII.
public struct TapeBuilder: ~Copyable {
    private let tape: JSONTape
    /// Nil while all are texts of the tape.
    private var contents: [Content]?

    /// A builder without texts, of which so many with so many bytes are expected.
    public init(texts: Int = 0, textBytes: Int = 0) {
        tape = JSONTape(texts: texts, textBytes: textBytes)
    }

    /// The number of texts.
    public var count: Int { contents?.count ?? tape.count }

    /// Adds a text, whose memory is shared; offsets in errors count from the start of the text.
    ///
    /// - Parameter isOneLine: true where it is known that there is no line feed in it.
    public mutating func add(_ range: Range<Int>, of array: [UInt8], isOneLine: Bool = false) throws(JSONError) {
        if isOnTape(range, of: array, isOneLine) {
            contents?.append(.json(tape[tape.count - 1]))
        } else {
            add(try JSON.parse(array[range]))
        }
    }

    /// Adds a value that is none of a text.
    public mutating func add(_ value: Value) {
        var all = contents.take() ?? (0..<tape.count).map { .json(tape[$0]) }
        all.append(.value(value))
        contents = all
    }

    /// Takes the last texts back, so that `count` are left.
    public mutating func removeLast(leaving count: Int) {
        let surplus = self.count - count
        if contents == nil { tape.removeLast(surplus) } else { contents?.removeLast(surplus) }
    }

    /// What was added, in its order.
    public consuming func finish() -> Contents {
        if let contents { Contents(contents) } else { Contents(texts: tape) }
    }

    /// False where the text has to be decoded at once, or is none.
    private func isOnTape(_ range: Range<Int>, of array: [UInt8], _ isOneLine: Bool) -> Bool {
        array.withUnsafeBytes { bytes in
            let range = Self.trimmed(range, bytes)
            let text = UnsafeRawBufferPointer(rebasing: bytes[range])
            defer { JSON.releaseLargeBuffers(text.count) }
            let document = JSON.document(text, readable: bytes.count - range.lowerBound)
            guard document.accepted, document.is_plain, let words = document.tape, let strings = document.strings else { return false }
            tape.append(
                words: UnsafeBufferPointer(start: words, count: document.tape_count),
                strings: UnsafeBufferPointer(start: strings, count: document.strings_bound), range: range, of: array,
                isOneLine: isOneLine || SharedBytes(range, of: array).offset(of: UInt8(ascii: "\n")) == nil)
            return true
        }
    }

    /// Without the white space around it, of which there is seldom any.
    private static func trimmed(_ range: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> Range<Int> {
        func isSpace(_ index: Int) -> Bool {
            let byte = bytes[index]
            return byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
        }
        var range = range
        while let first = range.first, isSpace(first) { range.removeFirst() }
        while let last = range.last, isSpace(last) { range.removeLast() }
        return range
    }
}
