/// Writes the body of a reply, member by member, without building it in memory as values first.
struct ReplyWriter {
    private(set) var bytes: [UInt8] = []
    /// Whether the next element is the first of its object or array.
    private var isFirst = true

    static let contentType = "application/x-amz-json-1.1"

    init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    mutating func object(_ members: (inout ReplyWriter) -> Void) {
        nested(open: UInt8(ascii: "{"), close: UInt8(ascii: "}"), members)
    }

    mutating func array<Elements: Sequence>(of elements: Elements, _ write: (inout ReplyWriter, Elements.Element) -> Void) {
        nested(open: UInt8(ascii: "["), close: UInt8(ascii: "]")) { writer in
            for element in elements {
                writer.separate()
                write(&writer, element)
            }
        }
    }

    /// Names are of the API's model: nothing in them needs escaping.
    mutating func member(_ name: StaticString, _ value: (inout ReplyWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        value(&self)
    }

    mutating func member(_ name: StaticString, _ value: String) {
        member(name) { $0.string(value) }
    }

    mutating func member(_ name: StaticString, _ value: Int) {
        member(name) { $0.raw(String(value)) }
    }

    mutating func member(_ name: StaticString, _ value: Bool) {
        member(name) { $0.raw(value ? "true" : "false") }
    }

    /// Milliseconds since 1970, written in seconds with their fraction.
    mutating func member(_ name: StaticString, timestamp milliseconds: Int64) {
        member(name) { writer in
            writer.raw(String(milliseconds / 1_000))
            writer.bytes.append(UInt8(ascii: "."))
            writer.bytes.appendPadded(UInt64(milliseconds % 1_000), width: 3)
        }
    }

    mutating func member(_ name: StaticString, blob data: [UInt8]) {
        member(name) { writer in
            writer.bytes.append(UInt8(ascii: "\""))
            Base64.encode(data, into: &writer.bytes)
            writer.bytes.append(UInt8(ascii: "\""))
        }
    }

    mutating func member(_ name: StaticString, sequence counter: Int64, in space: SequenceSpace) {
        member(name) { writer in
            writer.bytes.append(UInt8(ascii: "\""))
            space.write(counter, to: &writer.bytes)
            writer.bytes.append(UInt8(ascii: "\""))
        }
    }

    mutating func string(_ value: String) {
        bytes.append(UInt8(ascii: "\""))
        var value = value
        value.withUTF8 { text in
            var start = 0
            for position in text.indices where text[position] < 0x20 || text[position] == 0x22 || text[position] == 0x5c {
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<position]))
                escape(text[position])
                start = position + 1
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ character: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch character {
        case 0x22, 0x5c:
            bytes.append(character)
        default:
            let hexadecimal = String(character, radix: 16)
            bytes.append(contentsOf: "u00".utf8)
            if hexadecimal.utf8.count == 1 { bytes.append(UInt8(ascii: "0")) }
            bytes.append(contentsOf: hexadecimal.utf8)
        }
    }

    private mutating func raw(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    private mutating func nested(open: UInt8, close: UInt8, _ content: (inout ReplyWriter) -> Void) {
        bytes.append(open)
        isFirst = true
        content(&self)
        isFirst = false
        bytes.append(close)
    }
}
