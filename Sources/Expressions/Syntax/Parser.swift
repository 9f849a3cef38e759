/// Builds the syntax tree of an expression, by precedence climbing.
///
/// The grammar is that of the CEL language definition; macros are expanded on the way (`Parser+Macros`).
struct Parser {
    let tokens: [Token]
    var position = 0
    var depth = 0

    static func parse(_ source: String) throws(ExpressionError) -> Syntax {
        let length = source.utf8.count
        guard length <= Limits.expressionLength else {
            throw ExpressionError(
                "an expression has at most \(Limits.expressionLength) bytes", offset: Limits.expressionLength,
                length: length - Limits.expressionLength)
        }
        var parser = Parser(tokens: try Lexer.tokens(of: source))
        let syntax = try parser.expression()
        guard parser.token.kind == .end else { throw parser.unexpected("an operator or the end") }
        return syntax
    }

    var token: Token { tokens[position] }

    func at(_ mark: Punctuation) -> Bool { token.kind == .punctuation(mark) }

    mutating func advance() {
        if position < tokens.count - 1 { position += 1 }
    }

    /// Moves past `mark`; false where something else stands.
    mutating func take(_ mark: Punctuation) -> Bool {
        guard at(mark) else { return false }
        advance()
        return true
    }

    @discardableResult
    mutating func expect(_ mark: Punctuation) throws(ExpressionError) -> SourceSpan {
        guard at(mark) else { throw unexpected("`\(mark.rawValue)`") }
        let span = token.span
        advance()
        return span
    }

    func unexpected(_ expected: String) -> ExpressionError {
        ExpressionError("expected \(expected), found \(token.kind.words)", at: token.span)
    }

    /// A node above `parts`.
    func node(_ kind: Syntax.Kind, _ span: SourceSpan, over parts: [Syntax]) throws(ExpressionError) -> Syntax {
        let height = 1 + (parts.lazy.map(\.height).max() ?? 0)
        guard height <= Limits.nesting else { throw tooDeep(span) }
        return Syntax(kind: kind, span: span, height: height)
    }

    private func tooDeep(_ span: SourceSpan) -> ExpressionError {
        ExpressionError("this expression is nested too deeply: \(Limits.nesting) levels are the most", at: span)
    }

    private mutating func enter() throws(ExpressionError) {
        depth += 1
        guard depth <= Limits.nesting else { throw tooDeep(token.span) }
    }

    mutating func expression() throws(ExpressionError) -> Syntax {
        try enter()
        defer { depth -= 1 }
        let condition = try binary(atLeast: 0)
        guard take(.question) else { return condition }
        let then = try binary(atLeast: 0)
        try expect(.colon)
        let otherwise = try expression()
        return try node(
            .conditional(condition, then: then, otherwise: otherwise), condition.span.through(otherwise.span),
            over: [condition, then, otherwise])
    }

    private enum Infix {
        case or, and
        case binary(BinaryOperator)

        var precedence: Int {
            switch self {
            case .or: 0
            case .and: 1
            case .binary(let binary):
                switch binary {
                case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .contained: 2
                case .add, .subtract: 3
                case .multiply, .divide, .remainder: 4
                }
            }
        }
    }

    private var infix: Infix? {
        switch token.kind {
        case .reserved("in"): .binary(.contained)
        case .punctuation(.or): .or
        case .punctuation(.and): .and
        case .punctuation(let mark): BinaryOperator(rawValue: mark.rawValue).map { .binary($0) }
        default: nil
        }
    }

    private mutating func binary(atLeast precedence: Int) throws(ExpressionError) -> Syntax {
        var left = try unary()
        while let infix, infix.precedence >= precedence {
            advance()
            let right = try binary(atLeast: infix.precedence + 1)
            let span = left.span.through(right.span)
            let kind: Syntax.Kind =
                switch infix {
                case .or: .or(left, right)
                case .and: .and(left, right)
                case .binary(let binary): .binary(binary, left, right)
                }
            left = try node(kind, span, over: [left, right])
        }
        return left
    }

    private mutating func unary() throws(ExpressionError) -> Syntax {
        let start = token.span
        if take(.not) {
            try enter()
            defer { depth -= 1 }
            let operand = try unary()
            return try node(.not(operand), start.through(operand.span), over: [operand])
        }
        guard take(.minus) else { return try member() }
        switch token.kind {
        case .int(let magnitude):
            guard magnitude <= Int64.min.magnitude else { throw integerOutOfRange(token.span) }
            return try member(of: negativeLiteral(.int(Int64(truncatingIfNeeded: 0 &- magnitude)), start))
        case .double(let value):
            return try member(of: negativeLiteral(.double(-value), start))
        default:
            try enter()
            defer { depth -= 1 }
            let operand = try unary()
            return try node(.negate(operand), start.through(operand.span), over: [operand])
        }
    }

    private mutating func negativeLiteral(_ value: CELValue, _ start: SourceSpan) throws(ExpressionError) -> Syntax {
        let span = start.through(token.span)
        advance()
        return try node(.literal(value), span, over: [])
    }

    func integerOutOfRange(_ span: SourceSpan) -> ExpressionError {
        ExpressionError("an int is between \(Int64.min) and \(Int64.max)", at: span, hint: "a larger number is a uint: write `u` after it")
    }
}
