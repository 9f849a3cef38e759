import Patterns
import Records

extension Compiler {
    mutating func call(
        _ name: String, _ target: Syntax?, _ arguments: [Syntax], _ span: SourceSpan
    ) throws(ExpressionError) -> Compiled {
        guard let target else { return try call(Functions.named(name, .global), name, arguments, span) }
        // `math.abs(x)`: a namespace before the dot, unless a variable has that name.
        if case .name(let namespace, _) = target.kind, local(namespace) == nil, environment.variables[namespace] == nil {
            let qualified = "\(namespace).\(name)"
            let functions = Functions.named(qualified, .global)
            if !functions.isEmpty || Self.namespaces.contains(namespace) {
                return try call(functions, qualified, arguments, span)
            }
        }
        return try call(Functions.named(name, .member), name, [target] + arguments, span, isMember: true)
    }

    /// What stands before the dot of namespaced functions.
    private static let namespaces = Set(
        Functions.all.lazy.map(\.name).filter { $0.contains(".") }.map { String($0.prefix { $0 != "." }) })

    private mutating func call(
        _ functions: [Function], _ name: String, _ arguments: [Syntax], _ span: SourceSpan, isMember: Bool = false
    ) throws(ExpressionError) -> Compiled {
        guard !functions.isEmpty else { return try reject(unknownFunction(name, isMember, span), span, as: .unknownName(name)) }
        var operands: [Compiled] = []
        for argument in arguments { operands.append(try compile(argument)) }
        guard let function = functions.first(where: { $0.takes(operands.count) }) else {
            let count = isMember ? operands.count - 1 : operands.count
            return try reject(
                ExpressionError("`\(name)` does not take \(count) argument\(count == 1 ? "" : "s")", at: span), span,
                as: .noOverload(name, operands.map(\.type.name)))
        }
        guard let type = function.result(operands.map(\.type)) ?? (environment.isChecked ? nil : .dynamic) else {
            throw ExpressionError(
                "`\(name)` does not take \(operands.map(\.type.name).joined(separator: " and "))", at: span,
                hint: takes(function))
        }
        if environment.isChecked, function.takesTimeZone, operands.count == 2, case .string(let zone)? = operands[1].literal {
            guard (try? TimeZones.offset(zone, at: 0)) != nil else {
                throw ExpressionError(
                    "unknown time zone \"\(zone)\"", at: operands[1].span,
                    hint: "write a name such as Europe/Berlin, or an offset such as +02:00")
            }
        }
        if isMember, name == "or" || name == "orValue" { return alternative(operands[0], operands[1], isFlat: name == "or", type, span) }
        return try function.body.compiled(operands, type, span, isChecked: environment.isChecked).readingText(name, operands)
    }

    /// `or` and `orValue`: the other side is only evaluated where it is needed.
    private func alternative(_ optional: Compiled, _ other: Compiled, isFlat: Bool, _ type: StaticType, _ span: SourceSpan) -> Compiled {
        Compiled(span, type) { (frame) throws(EvaluationError) in
            if let content = try optional.content(of: try optional.evaluate(&frame)) { return isFlat ? .optional(content) : content }
            let value = try other.evaluate(&frame)
            return isFlat ? .optional(try other.content(of: value)) : value
        }
    }

    private func takes(_ function: Function) -> String {
        let choices = function.signatures.map { signature in
            signature.operands.map(\.name).joined(separator: " and ")
        }
        return "it takes \(choices.joined(separator: ", or "))"
    }

    private func unknownFunction(_ name: String, _ isMember: Bool, _ span: SourceSpan) -> ExpressionError {
        let style: Function.Style = isMember ? .member : .global
        let names = Set(Functions.all.filter { $0.style == style }.map(\.name)).sorted()
        let other = Functions.named(name, isMember ? .global : .member)
        let hint: String? =
            if let closest = Spelling.nearest(to: name, among: names) {
                "did you mean `\(closest)`?"
            } else if !other.isEmpty {
                isMember ? "it is written \(name)(…)" : "it is written value.\(name)(…)"
            } else {
                nil
            }
        return ExpressionError("unknown function `\(name)`", at: span, hint: hint)
    }
}

extension Function.Body {
    fileprivate func compiled(
        _ operands: [Compiled], _ type: StaticType, _ span: SourceSpan, isChecked: Bool
    ) throws(ExpressionError) -> Compiled {
        switch self {
        case .none(let body):
            return Compiled(span, type) { _ in body() }
        case .one(let body):
            let operand = operands[0].evaluate
            return Compiled(span, type) { (frame) throws(EvaluationError) in
                let value = try operand(&frame)
                do throws(Fault) {
                    try frame.budget.charge(reading: value)
                    return try body(value, &frame.budget)
                } catch {
                    throw EvaluationError(error, at: span)
                }
            }
        case .two(let body):
            let (first, second) = (operands[0].evaluate, operands[1].evaluate)
            return Compiled(span, type) { (frame) throws(EvaluationError) in
                let (a, b) = (try first(&frame), try second(&frame))
                do throws(Fault) {
                    try frame.budget.charge(reading: a)
                    try frame.budget.charge(reading: b)
                    return try body(a, b, &frame.budget)
                } catch {
                    throw EvaluationError(error, at: span)
                }
            }
        case .three(let body):
            let (first, second, third) = (operands[0].evaluate, operands[1].evaluate, operands[2].evaluate)
            return Compiled(span, type) { (frame) throws(EvaluationError) in
                let (a, b, c) = (try first(&frame), try second(&frame), try third(&frame))
                do throws(Fault) {
                    for value in [a, b, c] { try frame.budget.charge(reading: value) }
                    return try body(a, b, c, &frame.budget)
                } catch {
                    throw EvaluationError(error, at: span)
                }
            }
        case .many(let body):
            return Compiled(span, type) { (frame) throws(EvaluationError) in
                let values = try operands.values(&frame)
                do throws(Fault) {
                    for value in values { try frame.budget.charge(reading: value) }
                    return try body(values, &frame.budget)
                } catch {
                    throw EvaluationError(error, at: span)
                }
            }
        case .pattern(let body):
            let written = try operands[1].writtenPattern(isChecked: isChecked)
            return Compiled(span, type) { (frame) throws(EvaluationError) in
                let values = try operands.values(&frame)
                do throws(Fault) {
                    for value in values {
                        // Matching costs more than looking at the text once.
                        try frame.budget.charge(reading: value)
                        try frame.budget.charge(reading: value)
                    }
                    let pattern = if let written { written } else { try values[1].compiledPattern(&frame.budget) }
                    return try body(pattern, values, &frame.budget)
                } catch {
                    throw EvaluationError(error, at: span)
                }
            }
        }
    }
}

extension [Compiled] {
    fileprivate func values(_ frame: inout Frame) throws(EvaluationError) -> [CELValue] {
        var values: [CELValue] = []
        values.reserveCapacity(count)
        for operand in self { values.append(try operand.evaluate(&frame)) }
        return values
    }
}

extension Compiled {
    /// The regular expression, compiled once, where it is written in the expression; nil where only an evaluation can tell it.
    fileprivate func writtenPattern(isChecked: Bool) throws(ExpressionError) -> Pattern? {
        guard case .string(let text)? = literal else { return nil }
        do throws(Pattern.Malformed) {
            return try Pattern(text)
        } catch {
            guard isChecked else { return nil }
            throw ExpressionError(
                "this is no regular expression: \(error.reason)", at: span, hint: "the syntax is RE2's: no look-around, no back references")
        }
    }
}

extension CELValue {
    fileprivate func compiledPattern(_ budget: inout Budget) throws(Fault) -> Pattern {
        let text = try asString()
        try budget.charge(Limits.patternSteps)
        do throws(Pattern.Malformed) {
            return try Pattern(text)
        } catch {
            throw .other("\(quoted) is no regular expression: \(error.reason)")
        }
    }
}
