extension Parser {
    /// `has(a.b)`; nil where `name` is no macro.
    func expandGlobal(_ name: String, _ arguments: [Syntax], _ span: SourceSpan) throws(ExpressionError) -> Syntax? {
        guard name == "has" else { return nil }
        guard arguments.count == 1, case .select(let operand, let field, let isOptional) = arguments[0].kind else {
            throw ExpressionError("`has` takes one field selection", at: span, hint: "for example has(record.customer)")
        }
        return try node(.presence(operand, field: field, isOptional: isOptional), span, over: [operand])
    }

    /// `all`, `map`, `cel.bind`, `optMap` and their like; nil where `name` with so many arguments is no macro.
    func expandMethod(
        _ name: String, _ nameSpan: SourceSpan, on target: Syntax, _ arguments: [Syntax], _ span: SourceSpan
    ) throws(ExpressionError) -> Syntax? {
        switch (name, arguments.count) {
        case ("all", 2): return try comprehension(.all, target, arguments, variables: 1, span)
        case ("exists", 2): return try comprehension(.exists, target, arguments, variables: 1, span)
        case ("exists_one", 2), ("existsOne", 2): return try comprehension(.existsOne, target, arguments, variables: 1, span)
        case ("filter", 2): return try comprehension(.filter, target, arguments, variables: 1, span)
        case ("map", 2), ("map", 3): return try comprehension(.transformList, target, arguments, variables: 1, span)
        case ("all", 3): return try comprehension(.all, target, arguments, variables: 2, span)
        case ("exists", 3): return try comprehension(.exists, target, arguments, variables: 2, span)
        case ("exists_one", 3), ("existsOne", 3): return try comprehension(.existsOne, target, arguments, variables: 2, span)
        case ("transformList", 3), ("transformList", 4):
            return try comprehension(.transformList, target, arguments, variables: 2, span)
        case ("transformMap", 3), ("transformMap", 4):
            return try comprehension(.transformMap, target, arguments, variables: 2, span)
        case ("bind", 3):
            guard case .name("cel", _) = target.kind else { return nil }
            let name = try variable(arguments[0])
            return try node(.bind(name, arguments[1], body: arguments[2]), span, over: [arguments[1], arguments[2]])
        case ("optMap", 2), ("optFlatMap", 2):
            let name = try variable(arguments[0])
            return try node(
                .unwrap(name, target, body: arguments[1], isFlat: nameSpan.length == "optFlatMap".utf8.count), span,
                over: [target, arguments[1]])
        case ("all", _), ("exists", _), ("exists_one", _), ("existsOne", _), ("filter", _), ("map", _):
            throw ExpressionError(
                "`\(name)` takes the name of a variable and what to do with it", at: span, hint: "for example items.\(name)(item, …)")
        default: return nil
        }
    }

    private func comprehension(
        _ form: Syntax.Comprehension.Form, _ range: Syntax, _ arguments: [Syntax], variables count: Int, _ span: SourceSpan
    ) throws(ExpressionError) -> Syntax {
        var variables: [String] = []
        for argument in arguments[..<count] { variables.append(try variable(argument)) }
        if variables.count == 2, variables[0] == variables[1] {
            throw ExpressionError("the two variables have the same name `\(variables[0])`", at: arguments[1].span)
        }
        let body = arguments[count...]
        let transforms = form == .transformList || form == .transformMap
        let comprehension = Syntax.Comprehension(
            form: form, range: range, variables: variables,
            condition: transforms ? (body.count == 2 ? body.first : nil) : body.first,
            transform: transforms ? body.last : nil)
        return try node(.comprehension(comprehension), span, over: [range] + body)
    }

    private func variable(_ argument: Syntax) throws(ExpressionError) -> String {
        guard case .name(let name, isRooted: false) = argument.kind else {
            throw ExpressionError("expected the name of a variable", at: argument.span)
        }
        return name
    }
}
