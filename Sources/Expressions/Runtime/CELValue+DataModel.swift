import OrderedCollections
import Records

extension CELValue {
    /// The value as records hold it.
    func dataModel() throws(Fault) -> Value {
        switch self {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .uint(let value):
            return Int64(exactly: value).map { .int($0) } ?? BigInteger(String(value)).map { .bigInteger($0) } ?? .null
        case .double(let value): return .double(value)
        case .string(let value): return .string(value)
        case .bytes(let value): return .bytes(value)
        case .timestamp(let value): return .string(value.text)
        case .duration(let value): return .string(value.text)
        case .type(let value): return .string(value.rawValue)
        case .ip(let value): return .string(value.text)
        case .cidr(let value): return .string(value.text)
        case .list(.record(let values)): return .list(values)
        case .list(.computed(let values)):
            var list: [Value] = []
            list.reserveCapacity(values.count)
            for value in values { list.append(try value.dataModel()) }
            return .list(list)
        case .map(.record(let map)): return .map(map)
        case .map(.computed(let map)):
            var fields = ValueMap(minimumCapacity: map.count)
            for (key, value) in map { fields[key.text] = try value.dataModel() }
            return .map(fields)
        case .optional:
            throw .other("the result is an optional: end with orValue(…) or value()")
        }
    }
}

extension CELKey {
    var text: String {
        switch self {
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .uint(let value): String(value)
        case .string(let value): value
        }
    }
}
