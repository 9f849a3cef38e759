/// How one item is turned into bytes.
public enum SerializerKind: String, Sendable, Hashable, CaseIterable {
    /// Text as UTF-8.
    case string
    /// JSON as Python's `json.dumps` writes it.
    case json
    /// MessagePack.
    case msgpack
    /// Bytes as they are.
    case raw
}

extension SerializerKind {
    var serializer: any Serializer.Type {
        switch self {
        case .string: StringSerializer.self
        case .json: JSONSerializer.self
        case .msgpack: MessagePackSerializer.self
        case .raw: RawSerializer.self
        }
    }
}
