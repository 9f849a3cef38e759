import Records

/// Computes the value of a part of an expression.
typealias Evaluator = @Sendable (inout Frame) throws(EvaluationError) -> CELValue

/// A part of an expression, ready to be evaluated.
struct Compiled: Sendable {
    let span: SourceSpan
    let type: StaticType
    /// The value, where it is written in the expression.
    var literal: CELValue?
    /// The path below `record`, where it is nothing but that.
    var recordPath: [String]?
    /// The way from `record` to the value, where it is a fixed one: names, and indices that are written in the expression.
    var fixedPath: ValuePath?
    /// Where each name of `recordPath` ends, from the beginning of the path.
    var pathSpans: [SourceSpan] = []
    let evaluate: Evaluator
    /// Where it is a condition that parsed JSON can answer by itself.
    var quick: QuickCondition?

    init(_ span: SourceSpan, _ type: StaticType, _ evaluate: @escaping Evaluator) {
        self.span = span
        self.type = type
        self.evaluate = evaluate
    }

    init(_ span: SourceSpan, literal: CELValue) {
        self.init(span, .known(literal.type), literal: literal)
    }

    /// A value whose type counts as another: of `dyn(1)` nothing is known.
    init(_ span: SourceSpan, _ type: StaticType, literal: CELValue) {
        self.init(span, type) { _ in literal }
        self.literal = literal
    }

    /// Always fails: what unchecked expressions do where checked ones are rejected.
    init(_ span: SourceSpan, failing fault: Fault) {
        self.init(span, .dynamic) { (_: inout Frame) throws(EvaluationError) -> CELValue in throw EvaluationError(fault, at: span) }
    }
}
