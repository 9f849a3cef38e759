extension Lexer {
    /// An int, uint or double without its sign.
    mutating func number() throws(ExpressionError) -> Token.Kind {
        let start = position
        if current == UInt8(ascii: "0"), let mark = peek(1), mark | 0x20 == UInt8(ascii: "x") {
            position += 2
            let digits = position
            while current?.hexValue != nil { position += 1 }
            return try integer(UInt64(text(from: digits, to: position), radix: 16), from: start)
        }
        skipDigits()
        var isDouble = false
        if current == UInt8(ascii: "."), peek(1)?.isDigit == true {
            isDouble = true
            position += 1
            skipDigits()
        }
        if let mark = current, mark | 0x20 == UInt8(ascii: "e"), hasExponentDigits {
            isDouble = true
            position += 2
            skipDigits()
        }
        guard isDouble else { return try integer(UInt64(text(from: start, to: position)), from: start) }
        let digits = text(from: start, to: position)
        guard let value = Double(digits.first == "." ? "0" + digits : digits) else {
            throw ExpressionError("not a number", offset: start, length: position - start)
        }
        try rejectTrailingLetters(from: start)
        return .double(value)
    }

    private var hasExponentDigits: Bool {
        guard let sign = peek(1) else { return false }
        return sign.isDigit || ((sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")) && peek(2)?.isDigit == true)
    }

    private mutating func skipDigits() {
        while current?.isDigit == true { position += 1 }
    }

    private mutating func integer(_ value: UInt64?, from start: Int) throws(ExpressionError) -> Token.Kind {
        guard let value else {
            throw ExpressionError("an integer has at most 64 bits", offset: start, length: position - start)
        }
        if let mark = current, mark | 0x20 == UInt8(ascii: "u") {
            position += 1
            try rejectTrailingLetters(from: start)
            return .uint(value)
        }
        try rejectTrailingLetters(from: start)
        return .int(value)
    }

    private mutating func rejectTrailingLetters(from start: Int) throws(ExpressionError) {
        guard let byte = current, byte.isIdentifierStart || byte.isDigit else { return }
        while let byte = current, byte.isIdentifierStart || byte.isDigit { position += 1 }
        throw ExpressionError("`\(text(from: start, to: position))` is not a number", offset: start, length: position - start)
    }
}
