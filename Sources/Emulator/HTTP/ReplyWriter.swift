import Wire

/// Writes the body of a reply, member by member, without building it in memory as values first.
struct ReplyWriter {
    private(set) var bytes: [UInt8] = []
    let format: WireFormat
    /// Whether the next element is the first of its object or array.
    private var isFirst = true

    init(_ format: WireFormat = .json, capacity: Int = 256) {
        self.format = format
        bytes.reserveCapacity(capacity)
    }

    mutating func object(_ members: (inout ReplyWriter) -> Void) {
        switch format {
        case .json: nested(open: UInt8(ascii: "{"), close: UInt8(ascii: "}"), members)
        case .cbor: nested(open: CBORWriter.openMap, close: CBORWriter.close, members)
        }
    }

    mutating func array<Elements: Sequence>(of elements: Elements, _ write: (inout ReplyWriter, Elements.Element) -> Void) {
        let (open, close) =
            switch format {
            case .json: (UInt8(ascii: "["), UInt8(ascii: "]"))
            case .cbor: (CBORWriter.openList, CBORWriter.close)
            }
        nested(open: open, close: close) { writer in
            for element in elements {
                writer.separate()
                write(&writer, element)
            }
        }
    }

    /// Names are of the API's model: nothing in them needs escaping.
    mutating func member(_ name: StaticString, _ value: (inout ReplyWriter) -> Void) {
        separate()
        let text = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        switch format {
        case .json:
            bytes.append(UInt8(ascii: "\""))
            bytes.append(contentsOf: text)
            bytes.append(UInt8(ascii: "\""))
            bytes.append(UInt8(ascii: ":"))
        case .cbor:
            CBORWriter.text(text, into: &bytes)
        }
        value(&self)
    }

    mutating func member(_ name: StaticString, _ value: String) {
        member(name) { $0.string(value) }
    }

    mutating func member(_ name: StaticString, _ values: [String]) {
        member(name) { $0.array(of: values) { $0.string($1) } }
    }

    mutating func member(_ name: StaticString, _ value: Int) {
        member(name) { writer in
            switch writer.format {
            case .json: writer.raw(String(value))
            case .cbor: CBORWriter.integer(Int64(value), into: &writer.bytes)
            }
        }
    }

    mutating func member(_ name: StaticString, _ value: Bool) {
        member(name) { writer in
            switch writer.format {
            case .json: writer.raw(value ? "true" : "false")
            case .cbor: CBORWriter.bool(value, into: &writer.bytes)
            }
        }
    }

    /// Milliseconds since 1970; JSON has them in seconds with their fraction.
    mutating func member(_ name: StaticString, timestamp milliseconds: Int64) {
        member(name) { writer in
            switch writer.format {
            case .json:
                writer.raw(String(milliseconds / 1_000))
                writer.bytes.append(UInt8(ascii: "."))
                writer.bytes.appendPadded(UInt64(milliseconds % 1_000), width: 3)
            case .cbor:
                CBORWriter.integer(milliseconds, into: &writer.bytes)
            }
        }
    }

    mutating func member(_ name: StaticString, blob data: [UInt8]) {
        member(name) { writer in
            switch writer.format {
            case .json:
                writer.bytes.append(UInt8(ascii: "\""))
                Base64.encode(data, into: &writer.bytes)
                writer.bytes.append(UInt8(ascii: "\""))
            case .cbor:
                CBORWriter.bytes(data, into: &writer.bytes)
            }
        }
    }

    mutating func member(_ name: StaticString, sequence counter: Int64, in space: SequenceSpace) {
        member(name) { writer in
            switch writer.format {
            case .json:
                writer.bytes.append(UInt8(ascii: "\""))
                space.write(counter, to: &writer.bytes)
                writer.bytes.append(UInt8(ascii: "\""))
            case .cbor:
                CBORWriter.textHead(count: SequenceSpace.digitCount, into: &writer.bytes)
                space.write(counter, to: &writer.bytes)
            }
        }
    }

    mutating func string(_ value: String) {
        guard format == .json else {
            var value = value
            return value.withUTF8 { CBORWriter.text($0, into: &bytes) }
        }
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
        if !isFirst, format == .json { bytes.append(UInt8(ascii: ",")) }
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
