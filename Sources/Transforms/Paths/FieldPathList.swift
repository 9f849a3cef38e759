public import Pipeline

/// The paths of a step that takes nothing else: `remove: [debug, internal.trace]`.
public struct FieldPathList: ConfigValue {
    let paths: [FieldPath]

    /// What is accepted, for messages.
    public static var expectation: String { "a list of paths such as [debug, customer.name]" }

    /// A list of texts.
    public static var shape: ConfigShape { .list(.string) }

    /// One path at least: without any, `keep` would empty every record and `remove` do nothing.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> FieldPathList? {
        guard let elements = node.sequence, !elements.isEmpty else {
            context.mismatch(
                node, expected: expectation, hint: node.scalar.map { $0.text.isEmpty ? "name one at least" : "write `[\($0.text)]`" })
            return nil
        }
        return [FieldPath].decode(node, in: &context).map { FieldPathList(paths: $0) }
    }
}
