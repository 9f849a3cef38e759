/// How two values stand to each other; NaN is unordered to every number.
enum Order {
    case less, same, greater, unordered

    init<T: Comparable>(_ left: T, _ right: T) {
        self = left < right ? .less : left == right ? .same : left > right ? .greater : .unordered
    }
}

extension CELValue {
    /// The order of two numbers, of an integer and a double as doubles; nil where either is none.
    func numericOrder(_ other: CELValue) -> Order? {
        switch (self, other) {
        case (.int(let a), .int(let b)): Order(a, b)
        case (.double(let a), .double(let b)): Order(a, b)
        case (.uint(let a), .uint(let b)): Order(a, b)
        case (.int(let a), .uint(let b)): a < 0 ? .less : Order(UInt64(a), b)
        case (.uint(let a), .int(let b)): b < 0 ? .greater : Order(a, UInt64(b))
        case (.int(let a), .double(let b)): Order(Double(a), b)
        case (.double(let a), .int(let b)): Order(a, Double(b))
        case (.uint(let a), .double(let b)): Order(Double(a), b)
        case (.double(let a), .uint(let b)): Order(a, Double(b))
        default: nil
        }
    }

    /// The order of two values of one type, or of two numbers; nil where there is none.
    func order(_ other: CELValue) -> Order? {
        switch (self, other) {
        case (.string(let a), .string(let b)):
            a.scalarsPrecede(b) ? .less : a.hasSameScalars(as: b) ? .same : .greater
        case (.timestamp(let a), .timestamp(let b)): Order(a, b)
        case (.duration(let a), .duration(let b)): Order(a, b)
        case (.bool(let a), .bool(let b)): Order(a ? 1 : 0, b ? 1 : 0)
        case (.bytes(let a), .bytes(let b)):
            a.lexicographicallyPrecedes(b) ? .less : a == b ? .same : .greater
        default: numericOrder(other)
        }
    }
}
