extension Compiler {
    mutating func not(_ operand: Syntax, _ span: SourceSpan) throws(ExpressionError) -> Compiled {
        let operand = try compile(operand)
        try require(operand, toBe: .bool, "the operand of `!`")
        let evaluate = operand.evaluate
        var compiled = Compiled(span, .bool) { (frame) throws(EvaluationError) in
            let value = try evaluate(&frame)
            guard case .bool(let flag) = value else { throw EvaluationError(.noOverload("!", value), at: span) }
            return .bool(!flag)
        }
        compiled.quick = operand.quickCondition.map { !$0 }
        return compiled
    }

    mutating func negate(_ operand: Syntax, _ span: SourceSpan) throws(ExpressionError) -> Compiled {
        let operand = try compile(operand)
        if environment.isChecked, ![StaticType.int, .double, .duration].contains(where: operand.type.canBe) {
            throw ExpressionError("`-` does not take \(operand.type.name)", at: span)
        }
        let evaluate = operand.evaluate
        return Compiled(span, operand.type) { (frame) throws(EvaluationError) in
            let value = try evaluate(&frame)
            do throws(Fault) {
                return try value.negated()
            } catch {
                throw EvaluationError(error, at: span)
            }
        }
    }

    mutating func binary(
        _ binary: BinaryOperator, _ left: Syntax, _ right: Syntax, _ span: SourceSpan
    ) throws(ExpressionError) -> Compiled {
        let (left, right) = (try compile(left), try compile(right))
        guard let type = binary.result(left.type, right.type) ?? (environment.isChecked ? nil : .dynamic) else {
            throw ExpressionError(
                "`\(binary.rawValue)` does not take \(left.type.name) and \(right.type.name)", at: span, hint: conversionHint(left, right))
        }
        if let comparison = comparison(binary, left, right, span) { return comparison }
        let (first, second) = (left.evaluate, right.evaluate)
        let operation = binary.operation
        return Compiled(span, type) { (frame) throws(EvaluationError) in
            let (a, b) = (try first(&frame), try second(&frame))
            do throws(Fault) {
                return try operation(a, b, &frame.budget)
            } catch {
                throw EvaluationError(error, at: span)
            }
        }
    }

    private func conversionHint(_ left: Compiled, _ right: Compiled) -> String? {
        switch (left.type, right.type) {
        case (.string, let other) where other.isNumber, (let other, .string) where other.isNumber:
            "convert one side: string(…), int(…) or double(…)"
        case (.timestamp, .string), (.string, .timestamp): "convert the text: timestamp(\"2026-01-02T03:04:05Z\")"
        case (.duration, .string), (.string, .duration): "convert the text: duration(\"90s\")"
        default: nil
        }
    }

    /// `&&` and `||`: the deciding value on either side wins over an error on the other.
    mutating func logical(
        _ left: Syntax, _ right: Syntax, decidedBy deciding: Bool, _ span: SourceSpan
    ) throws(ExpressionError) -> Compiled {
        let name = deciding ? "||" : "&&"
        let (left, right) = (try compile(left), try compile(right))
        try require(left, toBe: .bool, "an operand of `\(name)`")
        try require(right, toBe: .bool, "an operand of `\(name)`")
        for operand in [left, right] {
            if case .bool(deciding)? = operand.literal { return Compiled(span, literal: .bool(deciding)) }
        }
        let (first, second) = (left, right)
        var compiled = Compiled(span, .bool) { (frame) throws(EvaluationError) in
            var failure: EvaluationError?
            do throws(EvaluationError) {
                if try first.condition(name, &frame) == deciding { return .bool(deciding) }
            } catch {
                failure = error
            }
            guard let failure else { return .bool(try second.condition(name, &frame)) }
            if let other = try? second.condition(name, &frame), other == deciding { return .bool(deciding) }
            throw failure
        }
        if let first = first.quickCondition, let second = second.quickCondition {
            compiled.quick = first.joined(second, decidedBy: deciding)
        }
        return compiled
    }

    mutating func conditional(
        _ condition: Syntax, _ then: Syntax, _ otherwise: Syntax, _ span: SourceSpan
    ) throws(ExpressionError) -> Compiled {
        let condition = try compile(condition)
        try require(condition, toBe: .bool, "the condition before `?`")
        let (then, otherwise) = (try compile(then), try compile(otherwise))
        if case .bool(let flag)? = condition.literal { return flag ? then : otherwise }
        let (yes, no) = (then.evaluate, otherwise.evaluate)
        return Compiled(span, then.type.joined(otherwise.type)) { (frame) throws(EvaluationError) in
            try condition.condition("?", &frame) ? try yes(&frame) : try no(&frame)
        }
    }
}

extension Compiled {
    /// The value as an operand of logic.
    func condition(_ operation: String, _ frame: inout Frame) throws(EvaluationError) -> Bool {
        let value = try evaluate(&frame)
        guard case .bool(let flag) = value else { throw EvaluationError(.noOverload(operation, value), at: span) }
        return flag
    }
}

extension BinaryOperator {
    typealias Operation = @Sendable (CELValue, CELValue, inout Budget) throws(Fault) -> CELValue

    var operation: Operation {
        switch self {
        case .add: { (a, b, budget) throws(Fault) in try CELValue.add(a, b, &budget) }
        case .subtract: { (a, b, _) throws(Fault) in try CELValue.subtract(a, b) }
        case .multiply: { (a, b, _) throws(Fault) in try CELValue.multiply(a, b) }
        case .divide: { (a, b, _) throws(Fault) in try CELValue.divide(a, b) }
        case .remainder: { (a, b, _) throws(Fault) in try CELValue.remainder(a, b) }
        case .equal:
            { (a, b, budget) throws(Fault) in
                try budget.charge(comparing: a, b)
                return .bool(a.isEqual(to: b))
            }
        case .notEqual:
            { (a, b, budget) throws(Fault) in
                try budget.charge(comparing: a, b)
                return .bool(!a.isEqual(to: b))
            }
        case .less: { (a, b, budget) throws(Fault) in .bool(try ordered(a, b, &budget) == .less) }
        case .lessOrEqual: { (a, b, budget) throws(Fault) in .bool([.less, .same].contains(try ordered(a, b, &budget))) }
        case .greater: { (a, b, budget) throws(Fault) in .bool(try ordered(a, b, &budget) == .greater) }
        case .greaterOrEqual: { (a, b, budget) throws(Fault) in .bool([.greater, .same].contains(try ordered(a, b, &budget))) }
        case .contained: { (a, b, budget) throws(Fault) in try contained(a, b, &budget) }
        }
    }

    private func ordered(_ left: CELValue, _ right: CELValue, _ budget: inout Budget) throws(Fault) -> Order {
        try budget.charge(comparing: left, right)
        guard let order = left.order(right) else { throw .noOverload(rawValue, left, right) }
        return order
    }

    private func contained(_ element: CELValue, _ container: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        switch container {
        case .list(let list):
            try budget.charge(container.weight(upTo: budget.rest))
            return .bool(list.contains(element))
        case .map(let map): return .bool(CELKey(lookup: element).flatMap { map[$0] } != nil)
        default: throw .noOverload("in", element, container)
        }
    }
}
