/// The part of protobuf's wire format that the KPL's message needs (protobuf.dev, "Encoding"); nil is malformed.
struct ProtobufReader {
    enum Field {
        case varint(UInt64)
        case bytes(ArraySlice<UInt8>)
        /// A field of a fixed size, skipped.
        case fixed
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func readField() -> (number: UInt64, field: Field)? {
        guard let tag = readVarint(), tag >> 3 > 0 else { return nil }
        switch tag & 7 {
        case 0: return readVarint().map { (tag >> 3, .varint($0)) }
        case 1: return take(8).map { _ in (tag >> 3, .fixed) }
        case 2: return readVarint().flatMap { Int(exactly: $0) }.flatMap { take($0) }.map { (tag >> 3, .bytes($0)) }
        case 5: return take(4).map { _ in (tag >> 3, .fixed) }
        default: return nil
        }
    }

    private mutating func readVarint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, through: 63, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            guard shift < 63 || byte <= 1 else { return nil }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        return nil
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
