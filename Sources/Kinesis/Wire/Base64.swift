import NIOCore

/// Base64 with padding (RFC 4648, section 4), as AWS's JSON protocol writes blobs.
///
/// Blobs are nearly all of the bytes that this client sends and receives, so both directions work on raw memory:
/// the encoder takes 12 bits at a time through a table of character pairs, the decoder four characters through four tables.
enum Base64 {
    static func encodedLength(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    /// Appends the encoded form of `bytes` to `buffer`.
    static func encode(_ bytes: [UInt8], into buffer: inout ByteBuffer) {
        let length = encodedLength(bytes.count)
        guard length > 0 else { return }
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { output in
            bytes.withUnsafeBytes { encode($0, into: output) }
            return length
        }
    }

    private static func encode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
        pairs.withUnsafeBufferPointer { pairs in
            let whole = input.count / 3 * 3
            var (read, write) = (0, 0)
            while read < whole {
                let group = Int(input[read]) << 16 | Int(input[read + 1]) << 8 | Int(input[read + 2])
                let text = UInt32(pairs[group >> 12]) | UInt32(pairs[group & 0xFFF]) << 16
                output.storeBytes(of: text.littleEndian, toByteOffset: write, as: UInt32.self)
                read += 3
                write += 4
            }
            guard read < input.count else { return }
            let isPair = read + 1 < input.count
            let group = Int(input[read]) << 16 | (isPair ? Int(input[read + 1]) << 8 : 0)
            let high = pairs[group >> 12]
            let low = isPair ? pairs[group & 0xFFF] & 0xFF | padding << 8 : padding | padding << 8
            output.storeBytes(of: (UInt32(high) | UInt32(low) << 16).littleEndian, toByteOffset: write, as: UInt32.self)
        }
    }

    /// Nil unless `text` is base64 with its padding and nothing else.
    static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
    }

    private static func decode(_ input: UnsafeRawBufferPointer) -> [UInt8]? {
        guard input.count % 4 == 0 else { return nil }
        guard input.count > 0 else { return [] }
        let equals = UInt8(ascii: "=")
        let padded = input[input.count - 1] != equals ? 0 : input[input.count - 2] != equals ? 1 : 2
        let wholeGroups = input.count / 4 - (padded > 0 ? 1 : 0)
        let length = input.count / 4 * 3 - padded
        var isValid = true
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { output, count in
            values.withUnsafeBufferPointer { values in
                // A character outside of the alphabet sets bits above the 24 of a group; looking once at the end keeps the loop free of branches.
                var seen: UInt32 = 0
                var (read, write) = (0, 0)
                for _ in 0..<wholeGroups {
                    let group =
                        values[Int(input[read])] << 18 | values[Int(input[read + 1])] << 12 | values[Int(input[read + 2])] << 6
                        | values[Int(input[read + 3])]
                    seen |=
                        values[Int(input[read])] | values[Int(input[read + 1])] | values[Int(input[read + 2])]
                        | values[Int(input[read + 3])]
                    output[write] = UInt8(truncatingIfNeeded: group >> 16)
                    output[write + 1] = UInt8(truncatingIfNeeded: group >> 8)
                    output[write + 2] = UInt8(truncatingIfNeeded: group)
                    read += 4
                    write += 3
                }
                if padded > 0 {
                    let (first, second) = (values[Int(input[read])], values[Int(input[read + 1])])
                    let third = padded == 1 ? values[Int(input[read + 2])] : 0
                    seen |= first | second | third
                    output[write] = UInt8(truncatingIfNeeded: first << 2 | second >> 4)
                    if padded == 1 { output[write + 1] = UInt8(truncatingIfNeeded: second << 4 | third >> 2) }
                }
                isValid = seen & invalid == 0
            }
            count = length
        }
        return isValid ? bytes : nil
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt16(UInt8(ascii: "="))
    private static let invalid: UInt32 = 0x80

    /// Both characters of 12 bits, the first in the low byte.
    private static let pairs: [UInt16] = (0..<4096).map { UInt16(alphabet[$0 >> 6]) | UInt16(alphabet[$0 & 63]) << 8 }

    /// The six bits of a character, or `invalid`.
    private static let values: [UInt32] = {
        var values = [UInt32](repeating: invalid, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt32(value) }
        return values
    }()
}
