import Patterns
public import Pipeline

/// An option that is a regular expression, compiled while the file is decoded.
public struct PatternSetting: ConfigValue {
    let pattern: Pattern

    /// What is accepted, for messages.
    public static var expectation: String { "a regular expression in the syntax of RE2" }

    /// A pattern is text.
    public static var shape: ConfigShape { .string }

    /// As written.
    public var configText: String? { pattern.source }

    /// Reports what RE2 refuses.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> PatternSetting? {
        // `$` is part of the language: nothing is expanded.
        guard let text = node.scalar?.text else {
            context.mismatch(node, expected: expectation)
            return nil
        }
        do throws(Pattern.Malformed) {
            return PatternSetting(pattern: try Pattern(text))
        } catch {
            context.error(
                "invalid_pattern", "this is no regular expression: \(error.reason)", at: node,
                hint: "the syntax is RE2's: no look-around, no back references")
            return nil
        }
    }
}
