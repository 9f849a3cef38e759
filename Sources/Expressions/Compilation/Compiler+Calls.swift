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
        return function.body.compiled(operands, type, span).readingText(name, operands)
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
            if let closest = closest(to: name, among: names) {
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
    fileprivate func compiled(_ operands: [Compiled], _ type: StaticType, _ span: SourceSpan) -> Compiled {
        switch self {
        case .none(let body):
            return Compiled(span, type) { _ in body() }
        case .one(let body):
            let operand = operands[0].evaluate
            return Compiled(span, type) { (frame) throws(EvaluationError) in
                let value = try operand(&frame)
                do throws(Fault) { return try body(value, &frame.budget) } catch { throw EvaluationError(error, at: span) }
            }
        case .two(let body):
            let (first, second) = (operands[0].evaluate, operands[1].evaluate)
            return Compiled(span, type) { (frame) throws(EvaluationError) in
                let (a, b) = (try first(&frame), try second(&frame))
                do throws(Fault) { return try body(a, b, &frame.budget) } catch { throw EvaluationError(error, at: span) }
            }
        case .three(let body):
            let (first, second, third) = (operands[0].evaluate, operands[1].evaluate, operands[2].evaluate)
            return Compiled(span, type) { (frame) throws(EvaluationError) in
                let (a, b, c) = (try first(&frame), try second(&frame), try third(&frame))
                do throws(Fault) { return try body(a, b, c, &frame.budget) } catch { throw EvaluationError(error, at: span) }
            }
        case .many(let body):
            return Compiled(span, type) { (frame) throws(EvaluationError) in
                var values: [CELValue] = []
                values.reserveCapacity(operands.count)
                for operand in operands { values.append(try operand.evaluate(&frame)) }
                do throws(Fault) { return try body(values, &frame.budget) } catch { throw EvaluationError(error, at: span) }
            }
        }
    }
}
