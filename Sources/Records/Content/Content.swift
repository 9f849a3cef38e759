/// What a record carries: a value, or JSON that is parsed, known to be well-formed, and decoded where somebody asks.
public enum Content: Sendable {
    case value(Value)
    case json(JSONText)

    /// All of it, decoded; for JSON at the cost of decoding it once more with every call.
    public var value: Value {
        switch self {
        case .value(let value): value
        case .json(let text): text.value
        }
    }

    /// The name of its shape, as `Value.typeName`; decodes nothing.
    public var typeName: String {
        switch self {
        case .value(let value): value.typeName
        case .json(let text): text.root.typeName
        }
    }
}
