/// Optionals: values that may be absent without being an error.
enum OptionalFunctions {
    static let all: [Function] = [
        .global("optional.of", [.init([.dynamic], .optional)], .one { (value, _) in .optional(value) }),
        .global("optional.ofNonZeroValue", [.init([.dynamic], .optional)], .one { (value, _) in .optional(value.isZero ? nil : value) }),
        .global("optional.none", [.init([], .optional)], .none { .optional(nil) }),
        .member("hasValue", [.init([.optional], .bool)], .one(hasValue)),
        .member("value", [.init([.optional], .dynamic)], .one(value)),
        .member("or", [.init([.optional, .optional], .optional)], .two(or)),
        .member("orValue", [.init([.optional, .dynamic], .dynamic)], .two(orValue)),
    ]

    @Sendable private static func hasValue(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        .bool(try value.asOptional() != nil)
    }

    @Sendable private static func value(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        guard let content = try value.asOptional() else { throw .other("this optional has no value") }
        return content
    }

    @Sendable private static func or(_ value: CELValue, _ other: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        guard let content = try value.asOptional() else { return .optional(try other.asOptional()) }
        return .optional(content)
    }

    @Sendable private static func orValue(_ value: CELValue, _ other: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        try value.asOptional() ?? other
    }
}

extension CELValue {
    /// What a type is without anything said: false, 0, empty, null, 1970-01-01T00:00:00Z.
    var isZero: Bool {
        switch self {
        case .null: true
        case .bool(let value): !value
        case .int(let value): value == 0
        case .uint(let value): value == 0
        case .double(let value): value == 0
        case .string(let value): value.isEmpty
        case .bytes(let value): value.isEmpty
        case .list(let value): value.count == 0
        case .map(let value): value.count == 0
        case .timestamp(let value): value.seconds == 0 && value.nanoseconds == 0
        case .duration(let value): value.nanoseconds == 0
        case .type, .ip, .cidr: false
        case .optional(let value): value == nil
        }
    }
}
