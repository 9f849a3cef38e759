public import Records

/// An expression of the Common Expression Language, checked and ready to be evaluated against any number of records.
///
/// The language: https://github.com/google/cel-spec/blob/master/doc/langdef.md. Beyond it, arithmetic between int and double gives double.
public struct Program: Sendable {
    /// The expression as it was written.
    public let source: String
    /// Paths below `record` that an evaluation may read, for decoding no more than these; nil when it needs the whole record.
    public let readFields: [[String]]?

    /// The name of the type that every result has (`bool`, `string`); nil where it depends on the record.
    public var resultType: String? {
        if case .known(let type) = compiled.type { type.name } else { nil }
    }

    /// What a condition always gives; nil where it depends on the record.
    public var constantCondition: Bool? {
        if case .bool(let flag)? = compiled.literal { flag } else { nil }
    }

    let compiled: Compiled
    private let quick: @Sendable (JSONNode) -> Bool?
    /// The longest text that `quick` takes; 0 where it knows nothing.
    private let quickBytes: Int
    /// What an evaluation may cost; a test sets it lower.
    var steps = Limits.evaluationSteps
    private let slots: Int

    /// Parses, checks and compiles `source`. Throws the first error found.
    public init(parsing source: String, environment: ExpressionEnvironment = .record) throws(ExpressionError) {
        var compiler = Compiler(environment: environment)
        compiled = try compiler.compile(try Parser.parse(source))
        let condition = compiled.quickCondition ?? .unknown
        quick = condition.holds
        quickBytes = condition.longestText
        slots = compiler.slots
        self.source = source
        readFields = compiler.readFields.contains([]) ? nil : compiler.readFields
    }

    /// The result in the data model: timestamps as RFC 3339 text, durations as seconds (`"1.5s"`), uint as an integer,
    /// types by their name, keys of maps as text. Throws for an optional: `orValue` and `value` open it.
    public func evaluate(_ record: Record) throws(EvaluationError) -> Value {
        if let path = compiled.recordPath {
            // Straight from the data model, so that what CEL does not know (extensions, big integers) stays what it is.
            if case .json(let text) = record.content, let found = compiled.fixedPath.flatMap({ text.root.find($0) }) { return found.value }
            return try record.value.lookUp(path, compiled.pathSpans)
        }
        return try dataModel(try run(record))
    }

    /// Whether a condition holds. Throws where the result is no bool.
    public func evaluateCondition(_ record: Record) throws(EvaluationError) -> Bool {
        if let holds = quickly(record.content) { return holds }
        return try slowly(record)
    }

    @inline(__always)
    private func quickly(_ content: Content) -> Bool? {
        guard case .json(let text) = content, text.bytes.count <= quickBytes else { return nil }
        return quick(text.root)
    }

    /// Apart, because its frame needs a copy of the record, six references, which most evaluations do without.
    @inline(never)
    private func slowly(_ record: Record) throws(EvaluationError) -> Bool {
        let result = try run(record)
        guard case .bool(let flag) = result else { throw EvaluationError(.expected("bool", got: result.typeName), at: compiled.span) }
        return flag
    }

    /// A text such as a partition key: strings as they are, integers in decimal; throws for other types.
    public func evaluateString(_ record: Record) throws(EvaluationError) -> String {
        switch try run(record) {
        case .string(let text): return text
        case .int(let number): return String(number)
        case .uint(let number): return String(number)
        case let other: throw EvaluationError(.expected("string or int", got: other.typeName), at: compiled.span)
        }
    }

    /// The result with the variables of `ExpressionEnvironment.variables(_:)`, in their order.
    public func evaluate(variables: [Value]) throws(EvaluationError) -> Value {
        try dataModel(try run(variables: variables.map(CELValue.init)))
    }

    func run(variables: [CELValue?]) throws(EvaluationError) -> CELValue {
        var frame = Frame(record: nil, variables: variables, locals: locals, budget: Budget(steps: steps))
        return try compiled.evaluate(&frame)
    }

    private func run(_ record: Record) throws(EvaluationError) -> CELValue {
        try withUnsafePointer(to: record) { (pointer) throws(EvaluationError) in
            var frame = Frame(record: pointer, variables: [], locals: locals, budget: Budget(steps: steps))
            return try compiled.evaluate(&frame)
        }
    }

    private var locals: [CELValue] { slots == 0 ? [] : Array(repeating: .null, count: slots) }

    private func dataModel(_ result: CELValue) throws(EvaluationError) -> Value {
        do throws(Fault) {
            guard result.weight(upTo: Limits.resultWeight) <= Limits.resultWeight else { throw .tooLarge }
            return try result.dataModel()
        } catch {
            throw EvaluationError(error, at: compiled.span)
        }
    }
}
