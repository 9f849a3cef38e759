/// A type that an option of a pipeline file can have.
public protocol ConfigValue: Sendable {
    /// What is accepted, for docs and "expected …" messages: "a duration such as 500ms".
    static var expectation: String { get }
    /// The shape in terms of JSON, for the schema that editors read.
    static var shape: ConfigShape { get }
    /// Nil after at least one diagnostic was reported to `context`.
    static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> Self?
    /// The value as a pipeline file writes it, for docs and `list` (defaults); nil to print none.
    var configText: String? { get }
}

extension ConfigValue {
    /// For the JSON Schema.
    public static var shape: ConfigShape { .any }
    /// For docs.
    public var configText: String? { nil }
}

/// What an option may look like, as far as JSON Schema can tell.
public indirect enum ConfigShape: Sendable {
    case any
    case boolean
    case integer
    case number
    case string
    /// A number with one of these units (`500ms`, `50 KiB`, in any case of letters), or a plain number.
    case quantity(units: [String])
    case choice([String])
    case list(ConfigShape)
    /// Keys are free, values all alike.
    case map(ConfigShape)
    case object([FieldDescription])
    /// Any one of these.
    case either([ConfigShape])

    /// The options of a mapping, also where it is one of several forms.
    var fields: [FieldDescription] {
        switch self {
        case .object(let fields): fields
        case .either(let shapes): shapes.flatMap(\.fields)
        default: []
        }
    }
}

/// An option as docs, `list` and the JSON Schema present it.
public struct FieldDescription: Sendable {
    /// The key.
    public let name: String
    /// One sentence.
    public let summary: String
    /// What is accepted.
    public let expectation: String
    /// The shape in terms of JSON.
    public let shape: ConfigShape
    /// True where there is no default.
    public let isRequired: Bool
    /// The default as a pipeline file writes it; nil where there is none to print.
    public let defaultText: String?
    /// What holds where the option is left out, in words, where that is no value.
    public let otherwise: String?
}
