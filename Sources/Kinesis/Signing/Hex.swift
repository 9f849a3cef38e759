import NIOCore

/// Lower-case hexadecimal, as signatures and JSON escapes have it.
enum Hex {
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var buffer = ByteBuffer()
        write(bytes, into: &buffer)
        return String(buffer: buffer)
    }

    static func write(_ bytes: some Sequence<UInt8>, into buffer: inout ByteBuffer) {
        for byte in bytes {
            buffer.writeInteger(digit(byte >> 4))
            buffer.writeInteger(digit(byte & 0xF))
        }
    }

    /// Over what is there, twice as many bytes as `bytes` from `offset` on.
    static func write(_ bytes: some Sequence<UInt8>, over text: inout [UInt8], at offset: Int) {
        var place = offset
        for byte in bytes {
            text[place] = digit(byte >> 4)
            text[place + 1] = digit(byte & 0xF)
            place += 2
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
