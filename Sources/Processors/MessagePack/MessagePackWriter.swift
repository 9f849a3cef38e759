import OrderedCollections
import Records

/// Writes MessagePack in the shortest encodings.
struct MessagePackWriter {
    private var depth = 0

    mutating func write(_ value: Value, into output: inout [UInt8]) throws(ProcessorError) {
        switch value {
        case .null: output.append(0xC0)
        case .bool(let flag): output.append(flag ? 0xC3 : 0xC2)
        case .int(let integer): Self.write(integer, into: &output)
        case .bigInteger(let integer): try Self.write(integer, into: &output)
        case .double(let double):
            output.append(0xCB)
            output.appendBigEndian(double.bitPattern)
        case .string(let string): Self.write(text: string.utf8, into: &output)
        case .bytes(let bytes):
            Self.writeHead(bytes.count, short: nil, upTo: 0, 0xC4, 0xC5, 0xC6, into: &output)
            output.append(contentsOf: bytes)
        case .list(let items): try write(items, into: &output)
        case .map(let map): try write(map, into: &output)
        case .ext(let type, let data):
            Self.writeExtensionHead(data.count, into: &output)
            output.append(UInt8(bitPattern: type))
            output.append(contentsOf: data)
        }
    }

    private mutating func write(_ items: [Value], into output: inout [UInt8]) throws(ProcessorError) {
        try enter()
        Self.writeHead(items.count, short: 0x90, upTo: 15, nil, 0xDC, 0xDD, into: &output)
        for item in items { try write(item, into: &output) }
        leave()
    }

    private mutating func write(_ map: ValueMap, into output: inout [UInt8]) throws(ProcessorError) {
        try enter()
        Self.writeHead(map.count, short: 0x80, upTo: 15, nil, 0xDE, 0xDF, into: &output)
        for (key, value) in map {
            Self.write(text: key.utf8, into: &output)
            try write(value, into: &output)
        }
        leave()
    }

    static func write(text: some Collection<UInt8>, into output: inout [UInt8]) {
        writeHead(text.count, short: 0xA0, upTo: 31, 0xD9, 0xDA, 0xDB, into: &output)
        output.append(contentsOf: text)
    }

    mutating func enter() throws(ProcessorError) {
        guard depth < MessagePack.maximumDepth else {
            throw ProcessorError(.notSerializable, "MessagePack takes arrays and maps nested up to \(MessagePack.maximumDepth) deep")
        }
        depth += 1
    }

    mutating func leave() { depth -= 1 }

    static func write(_ integer: Int64, into output: inout [UInt8]) {
        switch integer {
        case 0...: write(UInt64(integer), into: &output)
        case -32..<0: output.append(UInt8(bitPattern: Int8(integer)))
        case Int64(Int8.min)...:
            output.append(0xD0)
            output.append(UInt8(bitPattern: Int8(integer)))
        case Int64(Int16.min)...:
            output.append(0xD1)
            output.appendBigEndian(Int16(integer))
        case Int64(Int32.min)...:
            output.append(0xD2)
            output.appendBigEndian(Int32(integer))
        default:
            output.append(0xD3)
            output.appendBigEndian(integer)
        }
    }

    static func write(_ integer: UInt64, into output: inout [UInt8]) {
        switch integer {
        case ...0x7F: output.append(UInt8(integer))
        case ...UInt64(UInt8.max):
            output.append(0xCC)
            output.append(UInt8(integer))
        case ...UInt64(UInt16.max):
            output.append(0xCD)
            output.appendBigEndian(UInt16(integer))
        case ...UInt64(UInt32.max):
            output.append(0xCE)
            output.appendBigEndian(UInt32(integer))
        default:
            output.append(0xCF)
            output.appendBigEndian(integer)
        }
    }

    private static func write(_ integer: BigInteger, into output: inout [UInt8]) throws(ProcessorError) {
        guard let unsigned = UInt64(integer.digits) else {
            throw ProcessorError(
                .notSerializable, "MessagePack has no integer of more than 64 bits",
                hint: "Make it text with an expression, or use the json serializer.")
        }
        write(unsigned, into: &output)
    }

    /// The type and length of a string, bytes, array or map; nil where the type has no such form.
    static func writeHead(
        _ count: Int, short: UInt8?, upTo limit: Int, _ one: UInt8?, _ two: UInt8, _ four: UInt8, into output: inout [UInt8]
    ) {
        if let short, count <= limit {
            output.append(short | UInt8(count))
        } else if let one, count <= Int(UInt8.max) {
            output.append(one)
            output.append(UInt8(count))
        } else if count <= Int(UInt16.max) {
            output.append(two)
            output.appendBigEndian(UInt16(count))
        } else {
            // Data that Kinesis takes is far below 4 GiB.
            output.append(four)
            output.appendBigEndian(UInt32(count))
        }
    }

    private static func writeExtensionHead(_ count: Int, into output: inout [UInt8]) {
        switch count {
        case 1, 2, 4, 8, 16: output.append(0xD4 + UInt8(count.trailingZeroBitCount))
        default: writeHead(count, short: nil, upTo: 0, 0xC7, 0xC8, 0xC9, into: &output)
        }
    }
}

extension [UInt8] {
    mutating func appendBigEndian(_ integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.bigEndian) { append(contentsOf: $0) }
    }
}
