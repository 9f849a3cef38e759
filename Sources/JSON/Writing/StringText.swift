/// Strings in quotes, with their escapes.
enum StringText {
    static func append<Form: TextForm>(_ string: String, _ form: Form.Type, to output: inout TextBuffer) {
        var string = string
        output.append(UInt8(ascii: "\""))
        string.withUTF8 { append($0, form, to: &output) }
        output.append(UInt8(ascii: "\""))
    }

    private static func append<Form: TextForm>(_ bytes: UnsafeBufferPointer<UInt8>, _ form: Form.Type, to output: inout TextBuffer) {
        var index = 0
        while true {
            let end = endOfPlainRun(bytes, from: index, form)
            output.append(UnsafeBufferPointer(rebasing: bytes[index..<end]))
            guard end < bytes.count else { return }
            index = end
            if bytes[index] < 0x80 {
                appendEscape(of: bytes[index], to: &output)
                index += 1
            } else {
                index += appendEscapedScalar(bytes, at: index, to: &output)
            }
        }
    }

    /// The first byte from `index` on that needs an escape, eight at a time where there are eight.
    private static func endOfPlainRun<Form: TextForm>(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ form: Form.Type) -> Int {
        var index = start
        let raw = UnsafeRawBufferPointer(bytes)
        while index + 8 <= bytes.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard !holdsEscape(word, form) else { break }
            index += 8
        }
        while index < bytes.count, !needsEscape(bytes[index], form) { index += 1 }
        return index
    }

    @inline(__always)
    private static func needsEscape<Form: TextForm>(_ byte: UInt8, _ form: Form.Type) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || (Form.isASCII && byte >= 0x7F)
    }

    /// Whether any of eight bytes needs an escape: a byte below n borrows its top bit when n is taken off every byte.
    @inline(__always)
    private static func holdsEscape<Form: TextForm>(_ word: UInt64, _ form: Form.Type) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        var found = (word &- ones &* 0x20) & ~word
        found |= (quotes &- ones) & ~quotes
        found |= (backslashes &- ones) & ~backslashes
        // And 0x7F gains it when one is added.
        if Form.isASCII { found |= word | (word &+ ones) }
        return found & tops != 0
    }

    private static func appendEscape(of byte: UInt8, to output: inout TextBuffer) {
        switch byte {
        case UInt8(ascii: "\""): output.append("\\\"")
        case UInt8(ascii: "\\"): output.append("\\\\")
        case 0x08: output.append("\\b")
        case 0x09: output.append("\\t")
        case 0x0A: output.append("\\n")
        case 0x0C: output.append("\\f")
        case 0x0D: output.append("\\r")
        default: appendUnit(UInt16(byte), to: &output)
        }
    }

    /// Escapes the scalar whose UTF-8 starts at `index`; returns its number of bytes. A `String`'s UTF-8 is always valid.
    private static func appendEscapedScalar(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int, to output: inout TextBuffer) -> Int {
        let lead = bytes[index]
        let count = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var scalar = UInt32(lead) & (0x7F >> UInt32(count))
        for offset in 1..<count { scalar = scalar << 6 | UInt32(bytes[index + offset] & 0x3F) }
        if scalar < 0x10000 {
            appendUnit(UInt16(scalar), to: &output)
        } else {
            appendUnit(UInt16(0xD800 + (scalar - 0x10000) >> 10), to: &output)
            appendUnit(UInt16(0xDC00 + (scalar - 0x10000) & 0x3FF), to: &output)
        }
        return count
    }

    private static func appendUnit(_ unit: UInt16, to output: inout TextBuffer) {
        output.append("\\u")
        for shift in stride(from: 12, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: unit >> shift) & 0xF
            output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
