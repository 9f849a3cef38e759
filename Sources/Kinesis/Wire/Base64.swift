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
            var (read, write) = (0, 0)
            // Six bytes at a time, as long as eight can be loaded at once.
            while read + 8 <= input.count {
                let group = UInt64(bigEndian: input.loadUnaligned(fromByteOffset: read, as: UInt64.self))
                var text = UInt64(pairs[Int(group >> 52)]) | UInt64(pairs[Int(group >> 40 & 0xFFF)]) << 16
                text |= UInt64(pairs[Int(group >> 28 & 0xFFF)]) << 32 | UInt64(pairs[Int(group >> 16 & 0xFFF)]) << 48
                output.storeBytes(of: text.littleEndian, toByteOffset: write, as: UInt64.self)
                read += 6
                write += 8
            }
            while read + 3 <= input.count {
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
                let output = UnsafeMutableRawBufferPointer(output)
                // A character outside of the alphabet sets a bit above the 24 of a group; looking once at the end keeps the loop free of branches.
                var seen: UInt32 = 0
                var (read, write) = (0, 0)
                for _ in 0..<wholeGroups {
                    let text = UInt32(littleEndian: input.loadUnaligned(fromByteOffset: read, as: UInt32.self))
                    var group = values[Int(text & 0xFF)] | values[256 + Int(text >> 8 & 0xFF)]
                    group |= values[512 + Int(text >> 16 & 0xFF)] | values[768 + Int(text >> 24)]
                    seen |= group
                    output[write] = UInt8(truncatingIfNeeded: group >> 16)
                    output[write + 1] = UInt8(truncatingIfNeeded: group >> 8)
                    output[write + 2] = UInt8(truncatingIfNeeded: group)
                    read += 4
                    write += 3
                }
                if padded > 0 {
                    let third = padded == 1 ? values[512 + Int(input[read + 2])] : 0
                    let group = values[Int(input[read])] | values[256 + Int(input[read + 1])] | third
                    seen |= group
                    output[write] = UInt8(truncatingIfNeeded: group >> 16)
                    if padded == 1 { output[write + 1] = UInt8(truncatingIfNeeded: group >> 8) }
                }
                isValid = seen & invalid == 0
            }
            count = length
        }
        return isValid ? bytes : nil
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt16(UInt8(ascii: "="))
    private static let invalid: UInt32 = 1 << 24

    /// Both characters of 12 bits, the first in the low byte.
    private static let pairs: [UInt16] = (0..<4096).map { UInt16(alphabet[$0 >> 6]) | UInt16(alphabet[$0 & 63]) << 8 }

    /// Four tables one behind the other: the six bits of a character, shifted to its place in a group of four, or `invalid`.
    private static let values: [UInt32] = (0..<4).flatMap { place in
        var values = [UInt32](repeating: invalid, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt32(value) << (18 - 6 * place) }
        return values
    }
}
