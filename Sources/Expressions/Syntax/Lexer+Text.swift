extension Lexer {
    /// A string or bytes literal with its prefix (`r`, `b`, both in either order), or nil where none starts here.
    mutating func textLiteral() throws(ExpressionError) -> Token.Kind? {
        let start = position
        var isRaw = false
        var isBytes = false
        var length = 0
        while length < 2, let byte = peek(length) {
            if byte | 0x20 == UInt8(ascii: "r"), !isRaw {
                isRaw = true
            } else if byte | 0x20 == UInt8(ascii: "b"), !isBytes {
                isBytes = true
            } else {
                break
            }
            length += 1
        }
        guard let quote = peek(length), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        let isTriple = peek(length + 1) == quote && peek(length + 2) == quote
        position += length + (isTriple ? 3 : 1)

        var content: [UInt8] = []
        while true {
            guard let byte = current, isTriple || (byte != 0x0A && byte != 0x0D) else {
                throw ExpressionError(
                    "this \(isBytes ? "bytes" : "string") literal is not closed", offset: start, length: position - start,
                    hint: isTriple ? nil : "a literal of several lines stands between three quotes")
            }
            if byte == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                position += isTriple ? 3 : 1
                break
            }
            if byte == UInt8(ascii: "\\"), !isRaw {
                try escape(into: &content, isBytes: isBytes)
            } else {
                content.append(byte)
                position += 1
            }
        }
        return isBytes ? .bytes(content) : .string(String(decoding: content, as: UTF8.self))
    }

    private mutating func escape(into content: inout [UInt8], isBytes: Bool) throws(ExpressionError) {
        let start = position
        guard let letter = peek(1) else {
            throw ExpressionError("this escape is not complete", offset: start, length: 1)
        }
        position += 2
        switch letter {
        case UInt8(ascii: "a"): content.append(0x07)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "v"): content.append(0x0B)
        case UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): content.append(letter)
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            try appendCodePoint(digits: 2, radix: 16, to: &content, isBytes: isBytes, from: start)
        case UInt8(ascii: "u") where !isBytes:
            try appendCodePoint(digits: 4, radix: 16, to: &content, isBytes: false, from: start)
        case UInt8(ascii: "U") where !isBytes:
            try appendCodePoint(digits: 8, radix: 16, to: &content, isBytes: false, from: start)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            position -= 1
            try appendCodePoint(digits: 3, radix: 8, to: &content, isBytes: isBytes, from: start)
        default:
            throw ExpressionError(
                "unknown escape `\(text(from: start, to: position))`", offset: start, length: 2,
                hint: "a backslash itself is `\\\\`, or write r\"…\" for a literal without escapes")
        }
    }

    /// In bytes an escape is one octet, in strings a code point.
    private mutating func appendCodePoint(
        digits: Int, radix: UInt32, to content: inout [UInt8], isBytes: Bool, from start: Int
    ) throws(ExpressionError) {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = current?.hexValue, digit < radix else {
                throw ExpressionError("this escape needs \(digits) digits", offset: start, length: position - start)
            }
            value = value << (radix == 16 ? 4 : 3) | digit
            position += 1
        }
        if isBytes {
            content.append(UInt8(truncatingIfNeeded: value))
        } else if let scalar = Unicode.Scalar(value) {
            content.append(contentsOf: UTF8.encode(scalar)!)
        } else {
            throw ExpressionError("this escape is not a code point of Unicode", offset: start, length: position - start)
        }
    }
}
