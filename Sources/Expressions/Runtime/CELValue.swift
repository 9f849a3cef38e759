import OrderedCollections
import Records

/// A value while an expression is evaluated: those of the data model and those that only CEL has.
///
/// Lists and maps of a record stay as they are; their elements are converted when they are looked at.
enum CELValue: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list(CELList)
    case map(CELMap)
    case timestamp(Timestamp)
    case duration(TimeSpan)
    case type(CELType)
    /// Boxed, as the next two: what is rare must not make every value larger.
    indirect case ip(IPAddress)
    indirect case cidr(IPNetwork)
    indirect case optional(CELValue?)

    /// A value of a record, in constant time.
    init(_ value: Value) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .bigInteger(let value): self = UInt64(value.digits).map { .uint($0) } ?? .string(value.digits)
        case .double(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .bytes(let value): self = .bytes(value)
        case .list(let value): self = .list(.record(value))
        case .map(let value): self = .map(.record(value))
        case .ext(_, let data): self = .bytes(data)
        }
    }

    /// A part of JSON that is not decoded: lists and maps are decoded here.
    init(_ node: JSONNode) {
        switch node.kind {
        case .null: self = .null
        case .bool: self = .bool(node.bool)
        case .int: self = .int(node.int)
        case .bigInteger: self = .uint(node.unsignedInt)
        case .double: self = .double(node.double)
        case .string: self = .string(String(decoding: node.string, as: UTF8.self))
        case .list, .map: self.init(node.value)
        }
    }

    var type: CELType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list
        case .map: .map
        case .timestamp: .timestamp
        case .duration: .duration
        case .type: .type
        case .ip: .ip
        case .cidr: .cidr
        case .optional: .optional
        }
    }

    var typeName: String { type.name }

    /// The value as a message quotes it.
    var quoted: String {
        switch self {
        case .string(let text): "\"\(text.excerpt)\""
        case .int(let value): "\(value)"
        case .uint(let value): "\(value)u"
        case .bool(let value): "\(value)"
        case .double(let value): "\(value)"
        default: "of type \(typeName)"
        }
    }
}

/// The types of CEL, as values of type `type`.
enum CELType: String, Sendable, Hashable, CaseIterable {
    case null = "null_type"
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case list
    case map
    case timestamp = "google.protobuf.Timestamp"
    case duration = "google.protobuf.Duration"
    case type
    case ip = "net.IP"
    case cidr = "net.CIDR"
    case optional = "optional_type"

    /// The type's name in messages.
    var name: String {
        switch self {
        case .null: "null"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .ip: "IP address"
        case .cidr: "CIDR range"
        case .optional: "optional"
        default: rawValue
        }
    }
}
