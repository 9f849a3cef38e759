extension CELValue {
    static func add(_ left: CELValue, _ right: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        switch (left, right) {
        case (.int(let a), .int(let b)): return .int(try checked(a.addingReportingOverflow(b)))
        case (.uint(let a), .uint(let b)): return .uint(try checked(a.addingReportingOverflow(b)))
        case (.string(let a), .string(let b)):
            try budget.charge(bytes: a.utf8.count + b.utf8.count)
            return .string(a + b)
        case (.bytes(let a), .bytes(let b)):
            try budget.charge(bytes: a.count + b.count)
            return .bytes(a + b)
        case (.list(let a), .list(let b)):
            try budget.charge(a.count + b.count)
            return .list(.computed(a.values + b.values))
        case (.timestamp(let moment), .duration(let span)), (.duration(let span), .timestamp(let moment)):
            return .timestamp(try inRange(moment.advanced(by: span)))
        case (.duration(let a), .duration(let b)):
            return .duration(try inRange(TimeSpan(exactly: Int128(a.nanoseconds) + Int128(b.nanoseconds))))
        default:
            return try doubles("+", left, right, +)
        }
    }

    static func subtract(_ left: CELValue, _ right: CELValue) throws(Fault) -> CELValue {
        switch (left, right) {
        case (.int(let a), .int(let b)): return .int(try checked(a.subtractingReportingOverflow(b)))
        case (.uint(let a), .uint(let b)): return .uint(try checked(a.subtractingReportingOverflow(b)))
        case (.timestamp(let a), .timestamp(let b)): return .duration(try inRange(a.distance(from: b)))
        case (.timestamp(let moment), .duration(let span)):
            guard let back = TimeSpan(exactly: -Int128(span.nanoseconds)) else { throw .overflow }
            return .timestamp(try inRange(moment.advanced(by: back)))
        case (.duration(let a), .duration(let b)):
            return .duration(try inRange(TimeSpan(exactly: Int128(a.nanoseconds) - Int128(b.nanoseconds))))
        default: return try doubles("-", left, right, -)
        }
    }

    static func multiply(_ left: CELValue, _ right: CELValue) throws(Fault) -> CELValue {
        switch (left, right) {
        case (.int(let a), .int(let b)): .int(try checked(a.multipliedReportingOverflow(by: b)))
        case (.uint(let a), .uint(let b)): .uint(try checked(a.multipliedReportingOverflow(by: b)))
        default: try doubles("*", left, right, *)
        }
    }

    static func divide(_ left: CELValue, _ right: CELValue) throws(Fault) -> CELValue {
        switch (left, right) {
        case (.int, .int(0)), (.uint, .uint(0)): throw .divisionByZero
        case (.int(let a), .int(let b)): .int(try checked(a.dividedReportingOverflow(by: b)))
        case (.uint(let a), .uint(let b)): .uint(a / b)
        default: try doubles("/", left, right, /)
        }
    }

    static func remainder(_ left: CELValue, _ right: CELValue) throws(Fault) -> CELValue {
        switch (left, right) {
        case (.int, .int(0)), (.uint, .uint(0)): throw .divisionByZero
        case (.int(let a), .int(let b)): .int(try checked(a.remainderReportingOverflow(dividingBy: b)))
        case (.uint(let a), .uint(let b)): .uint(a % b)
        default: throw .noOverload("%", left, right)
        }
    }

    func negated() throws(Fault) -> CELValue {
        switch self {
        case .int(let value): .int(try Self.checked(Int64(0).subtractingReportingOverflow(value)))
        case .double(let value): .double(-value)
        case .duration(let span): .duration(try Self.inRange(TimeSpan(exactly: -Int128(span.nanoseconds))))
        default: throw .noOverload("-", self)
        }
    }

    private static func checked<I>(_ result: (partialValue: I, overflow: Bool)) throws(Fault) -> I {
        guard !result.overflow else { throw .overflow }
        return result.partialValue
    }

    private static func inRange<T>(_ time: T?) throws(Fault) -> T {
        guard let time else { throw .other("the result is out of the range of times") }
        return time
    }

    /// Two doubles, or a double and an int: beyond the language definition, which knows no mixed arithmetic, the int becomes a double.
    private static func doubles(
        _ name: String, _ left: CELValue, _ right: CELValue, _ operation: (Double, Double) -> Double
    ) throws(Fault) -> CELValue {
        switch (left, right) {
        case (.double(let a), .double(let b)): .double(operation(a, b))
        case (.int(let a), .double(let b)): .double(operation(Double(a), b))
        case (.double(let a), .int(let b)): .double(operation(a, Double(b)))
        default: throw .noOverload(name, left, right)
        }
    }
}
