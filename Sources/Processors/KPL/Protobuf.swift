/// Lengths and numbers as protobuf writes them (protobuf.dev, "Encoding"); all tags here are one byte.
enum Protobuf {
    static func append(varint value: Int, to output: inout [UInt8]) {
        var rest = UInt64(value)
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(rest))
    }

    static func fieldSize(varint value: Int) -> Int { 1 + varintSize(value) }

    static func fieldSize(bytes count: Int) -> Int { 1 + varintSize(count) + count }

    private static func varintSize(_ value: Int) -> Int {
        max(1, (Int.bitWidth - value.leadingZeroBitCount + 6) / 7)
    }
}
