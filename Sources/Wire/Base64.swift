import CBase64

/// Base64 with padding (RFC 4648, section 4), as AWS's JSON protocol writes blobs.
///
/// Blobs are nearly all of the bytes that are sent and received. Wide registers take most of one; its end, and all of it where the
/// processor has none, goes 12 bits at a time through a table of character pairs, and back four characters through four tables.
public enum Base64 {
    /// The characters of so many bytes.
    public static func encodedLength(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    /// Writes the encoded form of `input` to the beginning of `output`, which has room for it.
    public static func encode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
        precondition(output.count >= encodedLength(input.count), "an encoded blob does not fit")
        guard let source = input.baseAddress, let target = output.baseAddress else { return }
        let done = base64_encode_wide(
            source.assumingMemoryBound(to: UInt8.self), input.count, target.assumingMemoryBound(to: UInt8.self))
        let rest = UnsafeMutableRawBufferPointer(rebasing: output[(done / 3 * 4)...])
        encode(UnsafeRawBufferPointer(rebasing: input[done...]), narrowlyInto: rest)
    }

    /// Appends the encoded form of `bytes`.
    public static func encode(_ bytes: [UInt8], into output: inout [UInt8]) {
        let start = output.count
        output.append(contentsOf: repeatElement(UInt8(ascii: "="), count: encodedLength(bytes.count)))
        output.withUnsafeMutableBytes { output in
            bytes.withUnsafeBytes { encode($0, into: UnsafeMutableRawBufferPointer(rebasing: output[start...])) }
        }
    }

    private static func encode(_ input: UnsafeRawBufferPointer, narrowlyInto output: UnsafeMutableRawBufferPointer) {
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

    /// The number of bytes that `text` stands for, if it is well-formed.
    public static func decodedCount(_ text: String) -> Int {
        let utf8 = text.utf8
        return max(0, utf8.count / 4 * 3 - utf8.suffix(2).count { $0 == UInt8(ascii: "=") })
    }

    /// Nil when a character is foreign, the padding is missing, or bits beyond the last byte are set.
    public static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { decode($0) }
    }

    /// Nil when a character is foreign, the padding is missing, or bits beyond the last byte are set.
    public static func decode(_ input: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard input.count % 4 == 0 else { return nil }
        guard let source = input.baseAddress, input.count > 0 else { return [] }
        let equals = UInt8(ascii: "=")
        let padded = input[input.count - 1] != equals ? 0 : input[input.count - 2] != equals ? 1 : 2
        let length = input.count / 4 * 3 - padded
        var isValid = true
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { output, count in
            guard let target = output.baseAddress else { return }
            let done = base64_decode_wide(source, input.count, target)
            isValid = decode(
                UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: input[done...])), padded: padded,
                into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: output[(done / 4 * 3)...])))
            count = length
        }
        return isValid ? bytes : nil
    }

    /// False when the text is not base64.
    private static func decode(_ input: UnsafeRawBufferPointer, padded: Int, into output: UnsafeMutableRawBufferPointer) -> Bool {
        values.withUnsafeBufferPointer { values in
            // A character outside of the alphabet sets a bit above the 24 of a group; looking once at the end keeps the loop free of branches.
            var seen: UInt32 = 0
            var (read, write) = (0, 0)
            for _ in 0..<input.count / 4 - (padded > 0 ? 1 : 0) {
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
                // Bits that no byte takes must be zero, or two texts would mean the same bytes.
                seen |= group | (group & (padded == 1 ? 0xFF : 0xFFFF) != 0 ? invalid : 0)
                output[write] = UInt8(truncatingIfNeeded: group >> 16)
                if padded == 1 { output[write + 1] = UInt8(truncatingIfNeeded: group >> 8) }
            }
            return seen & invalid == 0
        }
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
