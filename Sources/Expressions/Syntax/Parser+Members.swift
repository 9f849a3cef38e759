extension Parser {
    mutating func member() throws(ExpressionError) -> Syntax {
        try member(of: try primary())
    }

    /// What follows an operand: `.field`, `.?field`, `.method(…)`, `[index]`, `[?index]`.
    mutating func member(of first: Syntax) throws(ExpressionError) -> Syntax {
        var operand = first
        while true {
            if take(.dot) {
                let isOptional = take(.question)
                let name = token
                switch name.kind {
                case .identifier(let text), .reserved(let text):
                    advance()
                    if at(.leftParenthesis), !isOptional {
                        operand = try methodCall(text, name.span, on: operand)
                    } else {
                        operand = try select(operand, text, name.span, isOptional: isOptional)
                    }
                case .quotedIdentifier(let text):
                    advance()
                    operand = try select(operand, text, name.span, isOptional: isOptional)
                default:
                    throw unexpected("a field name")
                }
            } else if take(.leftBracket) {
                let isOptional = take(.question)
                let index = try expression()
                let end = try expect(.rightBracket)
                operand = try node(.index(operand, index, isOptional: isOptional), operand.span.through(end), over: [operand, index])
            } else {
                return operand
            }
        }
    }

    private func select(_ operand: Syntax, _ field: String, _ span: SourceSpan, isOptional: Bool) throws(ExpressionError) -> Syntax {
        try node(.select(operand, field: field, isOptional: isOptional), operand.span.through(span), over: [operand])
    }

    private mutating func methodCall(_ name: String, _ nameSpan: SourceSpan, on target: Syntax) throws(ExpressionError) -> Syntax {
        let (arguments, end) = try arguments()
        let span = target.span.through(end)
        if let expanded = try expandMethod(name, nameSpan, on: target, arguments, span) { return expanded }
        return try node(.call(name, target: target, arguments: arguments), span, over: [target] + arguments)
    }

    private mutating func arguments() throws(ExpressionError) -> ([Syntax], end: SourceSpan) {
        try expect(.leftParenthesis)
        var arguments: [Syntax] = []
        if !at(.rightParenthesis) {
            repeat {
                arguments.append(try expression())
            } while take(.comma)
        }
        return (arguments, try expect(.rightParenthesis))
    }

    private mutating func primary() throws(ExpressionError) -> Syntax {
        let first = token
        switch first.kind {
        case .int(let magnitude):
            guard let value = Int64(exactly: magnitude) else { throw integerOutOfRange(first.span) }
            return try literal(.int(value))
        case .uint(let value): return try literal(.uint(value))
        case .double(let value): return try literal(.double(value))
        case .string(let value): return try literal(.string(value))
        case .bytes(let value): return try literal(.bytes(value))
        case .reserved("true"): return try literal(.bool(true))
        case .reserved("false"): return try literal(.bool(false))
        case .reserved("null"): return try literal(.null)
        case .reserved(let word):
            throw ExpressionError("`\(word)` is a reserved word", at: first.span)
        case .identifier(let name):
            advance()
            return try named(name, first.span, isRooted: false)
        case .punctuation(.dot):
            advance()
            guard case .identifier(let name) = token.kind else { throw unexpected("a name") }
            let span = first.span.through(token.span)
            advance()
            return try named(name, span, isRooted: true)
        case .punctuation(.leftParenthesis):
            advance()
            let inner = try expression()
            try expect(.rightParenthesis)
            return inner
        case .punctuation(.leftBracket): return try listLiteral()
        case .punctuation(.leftBrace): return try mapLiteral()
        default: throw unexpected("a value")
        }
    }

    private mutating func literal(_ value: CELValue) throws(ExpressionError) -> Syntax {
        let span = token.span
        advance()
        return try node(.literal(value), span, over: [])
    }

    private mutating func named(_ name: String, _ span: SourceSpan, isRooted: Bool) throws(ExpressionError) -> Syntax {
        guard at(.leftParenthesis) else { return try node(.name(name, isRooted: isRooted), span, over: []) }
        let (arguments, end) = try arguments()
        if let expanded = try expandGlobal(name, arguments, span.through(end)) { return expanded }
        return try node(.call(name, target: nil, arguments: arguments), span.through(end), over: arguments)
    }

    private mutating func listLiteral() throws(ExpressionError) -> Syntax {
        let start = try expect(.leftBracket)
        var entries: [Syntax.ListEntry] = []
        while !at(.rightBracket) {
            let isOptional = take(.question)
            entries.append(.init(value: try expression(), isOptional: isOptional))
            guard take(.comma) else { break }
        }
        let end = try expect(.rightBracket)
        return try node(.list(entries), start.through(end), over: entries.map(\.value))
    }

    private mutating func mapLiteral() throws(ExpressionError) -> Syntax {
        let start = try expect(.leftBrace)
        var entries: [Syntax.MapEntry] = []
        while !at(.rightBrace) {
            let isOptional = take(.question)
            let key = try expression()
            try expect(.colon)
            entries.append(.init(key: key, value: try expression(), isOptional: isOptional))
            guard take(.comma) else { break }
        }
        let end = try expect(.rightBrace)
        return try node(.map(entries), start.through(end), over: entries.flatMap { [$0.key, $0.value] })
    }
}
