import OrderedCollections

extension Compiler {
    mutating func bind(_ name: String, _ value: Syntax, _ body: Syntax, _ span: SourceSpan) throws(ExpressionError) -> Compiled {
        let value = try compile(value)
        let evaluate = value.evaluate
        return try withVariables([(name, value.type)]) { (compiler, slot) throws(ExpressionError) in
            let body = try compiler.compile(body)
            let continuation = body.evaluate
            return Compiled(span, body.type) { (frame) throws(EvaluationError) in
                frame.locals[slot] = try evaluate(&frame)
                return try continuation(&frame)
            }
        }
    }

    mutating func unwrap(
        _ name: String, _ operand: Syntax, _ body: Syntax, isFlat: Bool, _ span: SourceSpan
    ) throws(ExpressionError) -> Compiled {
        let operand = try compile(operand)
        try require(operand, toBe: .optional, "the operand of `\(isFlat ? "optFlatMap" : "optMap")`")
        return try withVariables([(name, .dynamic)]) { (compiler, slot) throws(ExpressionError) in
            let body = try compiler.compile(body)
            if isFlat { try compiler.require(body, toBe: .optional, "the result of `optFlatMap`") }
            return Compiled(span, .optional) { (frame) throws(EvaluationError) in
                guard let content = try operand.content(of: try operand.evaluate(&frame)) else { return .optional(nil) }
                frame.locals[slot] = content
                let value = try body.evaluate(&frame)
                return isFlat ? .optional(try body.content(of: value)) : .optional(value)
            }
        }
    }

    mutating func comprehension(_ syntax: Syntax.Comprehension, _ span: SourceSpan) throws(ExpressionError) -> Compiled {
        let range = try compile(syntax.range)
        if environment.isChecked, ![StaticType.list, .map].contains(where: range.type.canBe) {
            throw ExpressionError("\(range.type.words) has no elements", at: range.span)
        }
        return try withVariables(syntax.variables.map { ($0, .dynamic) }) { (compiler, slot) throws(ExpressionError) in
            let before = compiler.nodes
            var condition: Compiled?
            if let syntax = syntax.condition {
                let compiled = try compiler.compile(syntax)
                try compiler.require(compiled, toBe: .bool, "the condition")
                condition = compiled
            }
            var transform: Compiled?
            if let syntax = syntax.transform { transform = try compiler.compile(syntax) }
            let loop = Loop(
                range: range, slot: slot, takesTwo: syntax.variables.count == 2, condition: condition, transform: transform,
                cost: 1 + (compiler.nodes - before) / Loop.nodesPerStep)
            return switch syntax.form {
            case .all: Compiled(span, .bool) { (frame) throws(EvaluationError) in try loop.quantify(&frame, decidedBy: false) }
            case .exists: Compiled(span, .bool) { (frame) throws(EvaluationError) in try loop.quantify(&frame, decidedBy: true) }
            case .existsOne: Compiled(span, .bool) { (frame) throws(EvaluationError) in try loop.existsOne(&frame) }
            case .filter, .transformList: Compiled(span, .list) { (frame) throws(EvaluationError) in try loop.list(&frame) }
            case .transformMap: Compiled(span, .map) { (frame) throws(EvaluationError) in try loop.map(&frame) }
            }
        }
    }
}

/// A walk over a list or a map, each element bound to a comprehension's variables.
private struct Loop: Sendable {
    let range: Compiled
    let slot: Int
    let takesTwo: Bool
    let condition: Compiled?
    let transform: Compiled?
    /// Steps of a visit to an element.
    let cost: Int

    /// So many nodes of an expression are evaluated in the time of a step.
    static let nodesPerStep = 4

    /// `all` and `exists`: a deciding element wins over the errors of others.
    func quantify(_ frame: inout Frame, decidedBy deciding: Bool) throws(EvaluationError) -> CELValue {
        var failure: EvaluationError?
        var isDecided = false
        try walk(&frame) { (_, _, frame) throws(EvaluationError) in
            do throws(EvaluationError) {
                isDecided = try holds(&frame) == deciding
            } catch {
                failure = failure ?? error
            }
            return !isDecided
        }
        if !isDecided, let failure { throw failure }
        return .bool(isDecided == deciding)
    }

    func existsOne(_ frame: inout Frame) throws(EvaluationError) -> CELValue {
        var count = 0
        try walk(&frame) { (_, _, frame) throws(EvaluationError) in
            if try holds(&frame) { count += 1 }
            return true
        }
        return .bool(count == 1)
    }

    /// `filter` keeps elements, `map` and `transformList` keep what the transform makes of them.
    func list(_ frame: inout Frame) throws(EvaluationError) -> CELValue {
        var values: [CELValue] = []
        try walk(&frame) { (_, element, frame) throws(EvaluationError) in
            guard try holds(&frame) else { return true }
            values.append(try transform?.evaluate(&frame) ?? element)
            return true
        }
        return .list(.computed(values))
    }

    func map(_ frame: inout Frame) throws(EvaluationError) -> CELValue {
        var values = OrderedDictionary<CELKey, CELValue>()
        try walk(&frame) { (key, _, frame) throws(EvaluationError) in
            guard try holds(&frame), let transform, let key = CELKey(literal: key) else { return true }
            values[key] = try transform.evaluate(&frame)
            return true
        }
        return .map(.computed(values))
    }

    private func holds(_ frame: inout Frame) throws(EvaluationError) -> Bool {
        guard let condition else { return true }
        return try condition.condition("condition", &frame)
    }

    /// Calls `visit` with the key (or index) and what the single variable stands for, until it returns false.
    private func walk(
        _ frame: inout Frame, _ visit: (CELValue, CELValue, inout Frame) throws(EvaluationError) -> Bool
    ) throws(EvaluationError) {
        let container = try range.evaluate(&frame)
        let count: Int
        switch container {
        case .list(let list): count = list.count
        case .map(let map): count = map.count
        default: throw EvaluationError(.expected("a list or a map", got: container.typeName), at: range.span)
        }
        for index in 0..<count {
            do throws(Fault) {
                try frame.budget.charge(cost)
            } catch {
                throw EvaluationError(error, at: range.span)
            }
            let (key, value) = container.entry(index)
            let single: CELValue = if case .map = container { key } else { value }
            frame.locals[slot] = takesTwo ? key : single
            if takesTwo { frame.locals[slot + 1] = value }
            guard try visit(key, single, &frame) else { return }
        }
    }
}

extension CELValue {
    fileprivate func entry(_ index: Int) -> (key: CELValue, value: CELValue) {
        switch self {
        case .map(let map): map[index]
        case .list(let list): (.int(Int64(index)), list[index])
        default: (.null, .null)
        }
    }
}
