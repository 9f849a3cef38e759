public import OrderedCollections

/// A map of a record: string keys in the order in which they were read.
public typealias ValueMap = OrderedDictionary<String, Value>

/// A decoded datum: the shapes that JSON and MessagePack share, with what either needs to survive a round trip.
public enum Value: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    /// An integer outside of `Int64`; it passes through unchanged.
    case bigInteger(BigInteger)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list([Value])
    case map(ValueMap)
    /// A MessagePack extension: an application's own type and its bytes.
    case ext(type: Int8, data: [UInt8])
}

extension Value {
    /// The name of the shape, in the words of the expression language (CEL), for messages to people.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int, .bigInteger: "int"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .list: "list"
        case .map: "map"
        case .ext: "extension"
        }
    }
}
