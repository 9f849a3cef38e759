/// A word of an expression.
struct Token: Sendable {
    enum Kind: Sendable, Equatable {
        case identifier(String)
        /// A field name between backticks; only after a dot.
        case quotedIdentifier(String)
        case reserved(String)
        /// An integer without its sign: the least int has a magnitude that is no int.
        case int(UInt64)
        case uint(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        case punctuation(Punctuation)
        case end
    }

    let kind: Kind
    let span: SourceSpan
}

/// Operators and delimiters.
enum Punctuation: String, Sendable, CaseIterable {
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case leftBrace = "{"
    case rightBrace = "}"
    case dot = "."
    case comma = ","
    case colon = ":"
    case question = "?"
    case plus = "+"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case percent = "%"
    case not = "!"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
    case and = "&&"
    case or = "||"
}

extension Token.Kind {
    /// The token as an error message names it.
    var words: String {
        switch self {
        case .identifier(let name), .reserved(let name): "`\(name)`"
        case .quotedIdentifier(let name): "`\(name)` in backticks"
        case .int, .uint, .double: "a number"
        case .string: "a string"
        case .bytes: "bytes"
        case .punctuation(let mark): "`\(mark.rawValue)`"
        case .end: "the end of the expression"
        }
    }
}
