/// Splits the text of an expression into tokens.
///
/// The grammar is that of the CEL language definition, https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax.
struct Lexer {
    let bytes: [UInt8]
    var position = 0

    static func tokens(of source: String) throws(ExpressionError) -> [Token] {
        var lexer = Lexer(bytes: Array(source.utf8))
        var tokens: [Token] = []
        repeat {
            tokens.append(try lexer.next())
        } while tokens.last?.kind != .end
        return tokens
    }

    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    func peek(_ distance: Int) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    private mutating func next() throws(ExpressionError) -> Token {
        skipBlanks()
        let start = position
        guard let byte = current else { return Token(kind: .end, span: SourceSpan(offset: start, length: 0)) }
        let kind: Token.Kind
        if let literal = try textLiteral() {
            kind = literal
        } else if byte.isIdentifierStart {
            kind = word()
        } else if byte.isDigit || (byte == UInt8(ascii: ".") && peek(1)?.isDigit == true) {
            kind = try number()
        } else if byte == UInt8(ascii: "`") {
            kind = try quotedIdentifier()
        } else {
            kind = try punctuation()
        }
        return Token(kind: kind, span: SourceSpan(start, to: position))
    }

    private mutating func skipBlanks() {
        while let byte = current {
            if byte == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") {
                while let byte = current, byte != UInt8(ascii: "\n") { position += 1 }
            } else if byte == 0x20 || (0x09...0x0D).contains(byte) {
                position += 1
            } else {
                return
            }
        }
    }

    /// Words that CEL keeps for itself and for the languages it is embedded in.
    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop", "package", "namespace",
        "null", "return", "true", "var", "void", "while",
    ]

    private mutating func word() -> Token.Kind {
        let start = position
        while let byte = current, byte.isIdentifierStart || byte.isDigit { position += 1 }
        let text = text(from: start, to: position)
        return Self.reserved.contains(text) ? .reserved(text) : .identifier(text)
    }

    private mutating func quotedIdentifier() throws(ExpressionError) -> Token.Kind {
        let start = position
        position += 1
        while let byte = current, byte != UInt8(ascii: "`") {
            guard byte.isIdentifierStart || byte.isDigit || [0x20, 0x2D, 0x2E, 0x2F].contains(byte) else {
                throw ExpressionError(
                    "a name in backticks has letters, digits, `_`, `-`, `.`, `/` and spaces only", offset: position, length: 1,
                    hint: "index with a string for other names: record[\"…\"]")
            }
            position += 1
        }
        guard current != nil, position > start + 1 else {
            throw ExpressionError("a name in backticks is not closed", offset: start, length: position - start)
        }
        position += 1
        return .quotedIdentifier(text(from: start + 1, to: position - 1))
    }

    private mutating func punctuation() throws(ExpressionError) -> Token.Kind {
        for length in [2, 1] where position + length <= bytes.count {
            if let mark = Punctuation(rawValue: text(from: position, to: position + length)) {
                position += length
                return .punctuation(mark)
            }
        }
        throw unexpectedCharacter()
    }

    private func unexpectedCharacter() -> ExpressionError {
        var end = position + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        let character = text(from: position, to: end)
        let hint: String? =
            switch character {
            case "=": "equality is `==`"
            case "&": "and is `&&`"
            case "|": "or is `||`"
            default: nil
            }
        return ExpressionError("unexpected character `\(character)`", offset: position, length: end - position, hint: hint)
    }

    func text(from start: Int, to end: Int) -> String {
        String(decoding: bytes[start..<end], as: UTF8.self)
    }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }

    var isIdentifierStart: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) || self == 0x5F }

    var hexValue: UInt32? {
        switch self {
        case 0x30...0x39: UInt32(self - 0x30)
        case 0x41...0x46: UInt32(self - 0x41 + 10)
        case 0x61...0x66: UInt32(self - 0x61 + 10)
        default: nil
        }
    }
}
