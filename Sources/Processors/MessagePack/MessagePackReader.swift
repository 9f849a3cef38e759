import OrderedCollections
import Records

/// Reads MessagePack, trusting no length.
struct MessagePackReader {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0
    private var depth = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    mutating func readDocument() throws(ProcessorError) -> Value {
        let value = try readValue()
        guard index == bytes.count else { throw error("There is more after the MessagePack value", at: index) }
        return value
    }

    private func error(_ message: String, at offset: Int) -> ProcessorError {
        ProcessorError(.invalidMessagePack, message, offset: offset)
    }

    private mutating func readValue() throws(ProcessorError) -> Value {
        let start = index
        let lead = try readInteger(UInt8.self)
        switch lead {
        case 0x00...0x7F: return .int(Int64(lead))
        case 0x80...0x8F: return try readMap(Int(lead & 0x0F), from: start)
        case 0x90...0x9F: return try readList(Int(lead & 0x0F), from: start)
        case 0xA0...0xBF: return .string(try readString(Int(lead & 0x1F), from: start))
        case 0xC0: return .null
        case 0xC2: return .bool(false)
        case 0xC3: return .bool(true)
        case 0xC4: return .bytes([UInt8](try readBytes(Int(try readInteger(UInt8.self)), from: start)))
        case 0xC5: return .bytes([UInt8](try readBytes(Int(try readInteger(UInt16.self)), from: start)))
        case 0xC6: return .bytes([UInt8](try readBytes(Int(try readInteger(UInt32.self)), from: start)))
        case 0xC7: return try readExtension(Int(try readInteger(UInt8.self)), from: start)
        case 0xC8: return try readExtension(Int(try readInteger(UInt16.self)), from: start)
        case 0xC9: return try readExtension(Int(try readInteger(UInt32.self)), from: start)
        case 0xCA: return .double(Double(Float(bitPattern: try readInteger(UInt32.self))))
        case 0xCB: return .double(Double(bitPattern: try readInteger(UInt64.self)))
        case 0xCC: return .int(Int64(try readInteger(UInt8.self)))
        case 0xCD: return .int(Int64(try readInteger(UInt16.self)))
        case 0xCE: return .int(Int64(try readInteger(UInt32.self)))
        case 0xCF: return Self.unsigned(try readInteger(UInt64.self))
        case 0xD0: return .int(Int64(try readInteger(Int8.self)))
        case 0xD1: return .int(Int64(try readInteger(Int16.self)))
        case 0xD2: return .int(Int64(try readInteger(Int32.self)))
        case 0xD3: return .int(try readInteger(Int64.self))
        case 0xD4...0xD8: return try readExtension(1 << Int(lead - 0xD4), from: start)
        case 0xD9: return .string(try readString(Int(try readInteger(UInt8.self)), from: start))
        case 0xDA: return .string(try readString(Int(try readInteger(UInt16.self)), from: start))
        case 0xDB: return .string(try readString(Int(try readInteger(UInt32.self)), from: start))
        case 0xDC: return try readList(Int(try readInteger(UInt16.self)), from: start)
        case 0xDD: return try readList(Int(try readInteger(UInt32.self)), from: start)
        case 0xDE: return try readMap(Int(try readInteger(UInt16.self)), from: start)
        case 0xDF: return try readMap(Int(try readInteger(UInt32.self)), from: start)
        case 0xE0...0xFF: return .int(Int64(Int8(bitPattern: lead)))
        default: throw error("MessagePack has no type 0x\(String(lead, radix: 16))", at: start)
        }
    }

    private static func unsigned(_ integer: UInt64) -> Value {
        if let integer = Int64(exactly: integer) { return .int(integer) }
        return BigInteger(String(integer)).map(Value.bigInteger) ?? .null
    }

    private mutating func readInteger<Integer: FixedWidthInteger>(_ type: Integer.Type) throws(ProcessorError) -> Integer {
        let size = MemoryLayout<Integer>.size
        guard bytes.count - index >= size else { throw error("The MessagePack value is cut off", at: bytes.count) }
        defer { index += size }
        return Integer(bigEndian: bytes.loadUnaligned(fromByteOffset: index, as: Integer.self))
    }

    private mutating func readBytes(_ count: Int, from start: Int) throws(ProcessorError) -> UnsafeRawBufferPointer {
        guard bytes.count - index >= count else {
            throw error("A MessagePack length of \(count) is past the end of the data", at: start)
        }
        defer { index += count }
        return UnsafeRawBufferPointer(rebasing: bytes[index..<index + count])
    }

    private mutating func readString(_ count: Int, from start: Int) throws(ProcessorError) -> String {
        let bytes = try readBytes(count, from: start).assumingMemoryBound(to: UInt8.self)
        guard let string = try? String(copying: UTF8Span(validating: bytes.span)) else {
            throw error("A MessagePack string is not valid UTF-8", at: start)
        }
        return string
    }

    private mutating func readExtension(_ count: Int, from start: Int) throws(ProcessorError) -> Value {
        let type = try readInteger(Int8.self)
        return .ext(type: type, data: [UInt8](try readBytes(count, from: start)))
    }

    private mutating func enter(_ count: Int, smallestItem: Int, from start: Int) throws(ProcessorError) {
        guard depth < MessagePack.maximumDepth else {
            throw error("Arrays and maps are nested more than \(MessagePack.maximumDepth) deep", at: start)
        }
        // Before any room is made for the items: a false count must not cost memory.
        guard (bytes.count - index) / smallestItem >= count else {
            throw error("A MessagePack count of \(count) is past the end of the data", at: start)
        }
        depth += 1
    }

    private mutating func readList(_ count: Int, from start: Int) throws(ProcessorError) -> Value {
        try enter(count, smallestItem: 1, from: start)
        var items: [Value] = []
        items.reserveCapacity(count)
        for _ in 0..<count { items.append(try readValue()) }
        depth -= 1
        return .list(items)
    }

    private mutating func readMap(_ count: Int, from start: Int) throws(ProcessorError) -> Value {
        try enter(count, smallestItem: 2, from: start)
        var map = ValueMap()
        map.reserveCapacity(count)
        for _ in 0..<count {
            let place = index
            let key = try readKey()
            if map.updateValue(try readValue(), forKey: key) != nil, let kept = map.index(forKey: key).map({ map.keys[$0] }) {
                guard kept.utf8.elementsEqual(key.utf8) else {
                    throw error("A key is the same text as an earlier one in another Unicode form", at: place)
                }
            }
        }
        depth -= 1
        return .map(map)
    }

    private mutating func readKey() throws(ProcessorError) -> String {
        let start = index
        let lead = try readInteger(UInt8.self)
        switch lead {
        case 0xA0...0xBF: return try readString(Int(lead & 0x1F), from: start)
        case 0xD9: return try readString(Int(try readInteger(UInt8.self)), from: start)
        case 0xDA: return try readString(Int(try readInteger(UInt16.self)), from: start)
        case 0xDB: return try readString(Int(try readInteger(UInt32.self)), from: start)
        default:
            index = start
            let key = try readValue()
            throw error("A key of a map must be a string, not a value of type \(key.typeName)", at: start)
        }
    }
}
