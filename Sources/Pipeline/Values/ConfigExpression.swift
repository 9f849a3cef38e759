public import Expressions

/// The names that the expressions of an option can use.
public protocol ExpressionScope: Sendable {
    static var environment: ExpressionEnvironment { get }
    /// "an expression over `record` and `meta`".
    static var expectation: String { get }
}

/// `record` and `meta`.
public enum RecordScope: ExpressionScope {
    /// `record` and `meta`.
    public static let environment = ExpressionEnvironment.record
    /// For docs and messages.
    public static let expectation = "an expression over `record` and `meta`"
}

/// An option that is an expression, compiled while the file is decoded: an error in it is reported at its own place.
///
/// The text is taken as it is: `${…}` is not expanded in expressions.
public struct ScopedExpression<Scope: ExpressionScope>: ConfigValue {
    /// Ready to be evaluated.
    public let program: Program
    /// As written.
    public let source: String
    /// Where the text stands.
    public let mark: Mark

    /// An expression that no file contains, such as an option's default. Throws what is wrong with it.
    public init(_ source: String) throws(ExpressionError) {
        try self.init(source, mark: Mark(file: "", line: 0, column: 0, endLine: 0, endColumn: 0))
    }

    private init(_ source: String, mark: Mark) throws(ExpressionError) {
        program = try Program(parsing: source, environment: Scope.environment)
        self.source = source
        self.mark = mark
    }

    /// For docs and messages.
    public static var expectation: String { Scope.expectation }
    /// `large: true` and `n: 1` are expressions that YAML does not see as text.
    public static var shape: ConfigShape { .either([.string, .number, .boolean]) }
    /// For docs.
    public var configText: String? { source }

    /// Reports what the compiler reports, at its place in the file.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> ScopedExpression? {
        guard let scalar = node.scalar, !scalar.text.isEmpty else {
            let isBraced = node.mapping != nil || node.sequence != nil
            context.mismatch(node, expected: expectation, hint: isBraced ? "put an expression that begins with `{` or `[` in quotes" : nil)
            return nil
        }
        do throws(ExpressionError) {
            return try ScopedExpression(scalar.text, mark: node.mark)
        } catch {
            let hint = scalar.text.contains("${") ? "`${…}` is not expanded in expressions" : error.hint
            let location = context.location(of: error.offset..<(error.offset + max(0, error.length)), in: scalar, of: node)
            context.report(Diagnostic("invalid_expression", error.message, at: location, hint: hint))
            return nil
        }
    }
}

/// An option that is an expression over a record.
public typealias ConfigExpression = ScopedExpression<RecordScope>
