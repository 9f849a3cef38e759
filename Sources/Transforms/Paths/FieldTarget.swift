public import Pipeline
import Records

/// The path of a field, or `.`: the record itself.
public struct FieldTarget: ConfigValue {
    /// Nil for the record itself.
    let path: FieldPath?

    /// What is accepted, for messages.
    public static var expectation: String { "the path of a field such as customer.name, or `.` for the record itself" }

    /// A path is text.
    public static var shape: ConfigShape { .string }

    /// As written.
    public var configText: String? { path?.description ?? "." }

    /// The record itself.
    static let record = FieldTarget(path: nil)

    /// A path with its mistakes reported at the node.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> FieldTarget? {
        if node.scalar?.text == "." { return .record }
        return FieldPath.decode(node, in: &context).map { FieldTarget(path: $0) }
    }
}
