/// Base64 of RFC 4648, section 4, with padding and nothing else: what the Kinesis API calls a blob.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let invalid: UInt8 = 0xff
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: invalid, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()
    private static let padding = UInt8(ascii: "=")

    /// The number of bytes that `text` stands for, if it is well-formed.
    static func decodedCount(_ text: String) -> Int {
        let utf8 = text.utf8
        return max(0, utf8.count / 4 * 3 - utf8.suffix(2).count { $0 == padding })
    }

    static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8(decode)
    }

    /// Nil when a character is foreign, the padding is missing, or bits beyond the last byte are set.
    static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0, let last = text.last else { return text.isEmpty ? [] : nil }
        let paddingCount = last != padding ? 0 : text[text.count - 2] != padding ? 1 : 2
        let wholeGroups = text.count / 4 - (paddingCount > 0 ? 1 : 0)
        var failed: UInt8 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3) { output, count in
            values.withUnsafeBufferPointer { values in
                for group in 0..<wholeGroups {
                    let (a, b) = (values[Int(text[group &* 4])], values[Int(text[group &* 4 &+ 1])])
                    let (c, d) = (values[Int(text[group &* 4 &+ 2])], values[Int(text[group &* 4 &+ 3])])
                    failed |= a | b | c | d
                    output[group &* 3] = a &<< 2 | b &>> 4
                    output[group &* 3 &+ 1] = b &<< 4 | c &>> 2
                    output[group &* 3 &+ 2] = c &<< 6 | d
                }
                count = wholeGroups * 3
                guard paddingCount > 0 else { return }
                let (a, b) = (values[Int(text[wholeGroups * 4])], values[Int(text[wholeGroups * 4 + 1])])
                let c = paddingCount == 1 ? values[Int(text[wholeGroups * 4 + 2])] : 0
                failed |= a | b | c
                // Bits that no byte takes must be zero, or two texts would mean the same bytes.
                if (paddingCount == 1 ? c & 0x03 : b & 0x0f) != 0 { failed = invalid }
                output[count] = a &<< 2 | b &>> 4
                count += 1
                if paddingCount == 1 {
                    output[count] = b &<< 4 | c &>> 2
                    count += 1
                }
            }
        }
        // Values have six bits: the upper two are set by a foreign character alone.
        return failed & 0xc0 == 0 ? bytes : nil
    }

    static func encode(_ bytes: [UInt8], into output: inout [UInt8]) {
        let groups = bytes.count / 3
        let rest = bytes.count % 3
        let start = output.count
        output.append(contentsOf: repeatElement(padding, count: (bytes.count + 2) / 3 * 4))
        output.withUnsafeMutableBufferPointer { output in
            alphabet.withUnsafeBufferPointer { alphabet in
                bytes.withUnsafeBufferPointer { bytes in
                    for group in 0..<groups {
                        let (a, b, c) = (bytes[group &* 3], bytes[group &* 3 &+ 1], bytes[group &* 3 &+ 2])
                        let position = start &+ group &* 4
                        output[position] = alphabet[Int(a &>> 2)]
                        output[position &+ 1] = alphabet[Int((a & 0x03) &<< 4 | b &>> 4)]
                        output[position &+ 2] = alphabet[Int((b & 0x0f) &<< 2 | c &>> 6)]
                        output[position &+ 3] = alphabet[Int(c & 0x3f)]
                    }
                    guard rest > 0 else { return }
                    let (a, b) = (bytes[groups * 3], rest == 2 ? bytes[groups * 3 + 1] : 0)
                    let position = start + groups * 4
                    output[position] = alphabet[Int(a >> 2)]
                    output[position + 1] = alphabet[Int((a & 0x03) << 4 | b >> 4)]
                    if rest == 2 { output[position + 2] = alphabet[Int((b & 0x0f) << 2)] }
                }
            }
        }
    }
}
