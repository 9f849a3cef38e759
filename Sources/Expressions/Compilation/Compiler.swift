/// Turns a syntax tree into closures and rejects what can never have a value.
struct Compiler {
    let environment: ExpressionEnvironment
    /// Names of comprehension variables in scope; a name's position is its slot.
    private(set) var scope: [(name: String, type: StaticType)] = []
    /// Slots that an evaluation needs.
    private(set) var slots = 0
    /// Paths read from `record`; an empty one is all of it.
    var readFields: [[String]] = []
    /// Nodes compiled so far: what a comprehension does with an element costs as much as it has nodes.
    private(set) var nodes = 0
    /// References to anything but constants compiled so far: a node without any below it has one value for all records.
    var references = 0

    private static let weightPerNode = 8

    init(environment: ExpressionEnvironment) {
        self.environment = environment
    }

    mutating func compile(_ syntax: Syntax) throws(ExpressionError) -> Compiled {
        let before = references
        nodes += 1
        let compiled = try dispatch(syntax)
        return references == before ? folded(compiled) : compiled
    }

    /// A part without references as its value; where it has none it stays what it is, for another part may make up for that.
    private func folded(_ compiled: Compiled) -> Compiled {
        guard compiled.literal == nil else { return compiled }
        var frame = Frame(record: nil, variables: [], locals: Array(repeating: .null, count: slots))
        frame.budget = Budget(steps: Limits.foldingSteps)
        guard let value = try? compiled.evaluate(&frame), value.weight(upTo: Limits.foldingSteps) <= Limits.foldingSteps else {
            return compiled
        }
        return Compiled(compiled.span, compiled.type, literal: value)
    }

    private mutating func dispatch(_ syntax: Syntax) throws(ExpressionError) -> Compiled {
        switch syntax.kind {
        case .literal(let value):
            // A long text is as much to compare with as several small parts.
            nodes += value.weight(upTo: Limits.expressionLength) / Self.weightPerNode
            return Compiled(syntax.span, literal: value)
        case .name, .select, .index:
            return try reference(syntax)
        case .presence(let operand, let field, let isOptional):
            return try presence(operand, field, isOptional, syntax.span)
        case .call(let name, let target, let arguments):
            return try call(name, target, arguments, syntax.span)
        case .not(let operand):
            return try not(operand, syntax.span)
        case .negate(let operand):
            return try negate(operand, syntax.span)
        case .binary(let binary, let left, let right):
            return try self.binary(binary, left, right, syntax.span)
        case .and(let left, let right):
            return try logical(left, right, decidedBy: false, syntax.span)
        case .or(let left, let right):
            return try logical(left, right, decidedBy: true, syntax.span)
        case .conditional(let condition, let then, let otherwise):
            return try conditional(condition, then, otherwise, syntax.span)
        case .list(let entries):
            return try list(entries, syntax.span)
        case .map(let entries):
            return try map(entries, syntax.span)
        case .comprehension(let comprehension):
            return try self.comprehension(comprehension, syntax.span)
        case .bind(let name, let value, let body):
            return try bind(name, value, body, syntax.span)
        case .unwrap(let name, let operand, let body, let isFlat):
            return try unwrap(name, operand, body, isFlat: isFlat, syntax.span)
        }
    }

    /// Compiles what sees the variables, and takes them out of scope again.
    mutating func withVariables<T>(
        _ variables: [(name: String, type: StaticType)], _ body: (inout Compiler, Int) throws(ExpressionError) -> T
    ) throws(ExpressionError) -> T {
        let first = scope.count
        scope += variables
        slots = max(slots, scope.count)
        defer { scope.removeLast(variables.count) }
        return try body(&self, first)
    }

    /// The slot and the type of the innermost comprehension variable of this name.
    func local(_ name: String) -> (slot: Int, type: StaticType)? {
        scope.lastIndex { $0.name == name }.map { ($0, scope[$0].type) }
    }

    /// An error that unchecked expressions meet at evaluation.
    func reject(_ error: ExpressionError, _ span: SourceSpan, as fault: Fault) throws(ExpressionError) -> Compiled {
        guard !environment.isChecked else { throw error }
        return Compiled(span, failing: fault)
    }

    /// Throws where `compiled` can never be of `type`.
    func require(_ compiled: Compiled, toBe type: StaticType, _ role: String) throws(ExpressionError) {
        guard environment.isChecked, !compiled.type.canBe(type) else { return }
        throw ExpressionError("\(role) is \(type.words), this is \(compiled.type.words)", at: compiled.span)
    }
}
