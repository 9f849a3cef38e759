import OrderedCollections
import Records

/// A map: of a record, unconverted, or computed.
enum CELMap: Sendable {
    case record(ValueMap)
    case computed(OrderedDictionary<CELKey, CELValue>)

    var count: Int {
        switch self {
        case .record(let map): map.count
        case .computed(let map): map.count
        }
    }

    subscript(field: String) -> CELValue? {
        switch self {
        case .record(let map): map[field].map(CELValue.init)
        case .computed(let map): map[.string(field)]
        }
    }

    subscript(key: CELKey) -> CELValue? {
        switch self {
        case .record(let map):
            guard case .string(let field) = key else { return nil }
            return map[field].map(CELValue.init)
        case .computed(let map): return map[key]
        }
    }

    /// The key and the value at a position in the map's order.
    subscript(index: Int) -> (key: CELValue, value: CELValue) {
        switch self {
        case .record(let map):
            let element = map.elements[index]
            return (.string(element.key), CELValue(element.value))
        case .computed(let map):
            let element = map.elements[index]
            return (element.key.value, element.value)
        }
    }
}

/// What can be a key: equal numbers of different types are the same key.
enum CELKey: Sendable, Hashable {
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case string(String)

    /// The key of a map literal. Nil where the type cannot be one.
    init?(literal value: CELValue) {
        switch value {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .uint(let value): self = .uint(value)
        case .string(let value): self = .string(value)
        default: return nil
        }
    }

    /// The key that a look-up with `value` finds: a double finds the integer that it equals.
    init?(lookup value: CELValue) {
        if case .double(let number) = value {
            if let exact = Int64(exactly: number) {
                self = .int(exact)
            } else if let exact = UInt64(exactly: number) {
                self = .uint(exact)
            } else {
                return nil
            }
        } else {
            self.init(literal: value)
        }
    }

    var value: CELValue {
        switch self {
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .uint(let value): .uint(value)
        case .string(let value): .string(value)
        }
    }

    static func == (left: CELKey, right: CELKey) -> Bool {
        switch (left, right) {
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.uint(let a), .uint(let b)): a == b
        case (.int(let a), .uint(let b)), (.uint(let b), .int(let a)): a >= 0 && UInt64(a) == b
        case (.string(let a), .string(let b)): a.hasSameScalars(as: b)
        default: false
        }
    }

    func hash(into hasher: inout Hasher) {
        switch self {
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(UInt64(bitPattern: value))
        case .uint(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        }
    }
}
