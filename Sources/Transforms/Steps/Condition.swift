import Expressions
public import Pipeline
import Records

/// An expression that is true or false of a record.
public struct Condition: ConfigValue {
    let expression: ConfigExpression

    /// What is accepted, for messages.
    public static var expectation: String { "a condition over `record` and `meta`" }

    /// As expressions have it.
    public static var shape: ConfigShape { ConfigExpression.shape }

    /// As written.
    public var configText: String? { expression.configText }

    /// An expression whose type is known and not bool can never be a condition.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> Condition? {
        guard let expression = ConfigExpression.decode(node, in: &context) else { return nil }
        if let type = expression.program.resultType, type != "bool" {
            context.error(
                "not_a_condition", "expected \(expectation), this always gives \(type)", at: node, hint: "compare it with something: … == …"
            )
            return nil
        }
        return Condition(expression: expression)
    }

    func holds(for record: Record) throws(StepFailure) -> Bool {
        do {
            return try expression.program.evaluateCondition(record)
        } catch {
            throw StepFailure(error, in: expression)
        }
    }
}
