/// The math extension: https://pkg.go.dev/github.com/google/cel-go/ext#Math.
enum MathFunctions {
    static let all: [Function] = [
        .global("math.greatest", [], .many { (values, _) throws(Fault) in try extreme("math.greatest", values, .greater) }),
        .global("math.least", [], .many { (values, _) throws(Fault) in try extreme("math.least", values, .less) }),
        rounding("math.ceil", .up), rounding("math.floor", .down),
        rounding("math.round", .toNearestOrAwayFromZero), rounding("math.trunc", .towardZero),
        test("math.isNaN") { $0.isNaN }, test("math.isInf") { $0.isInfinite }, test("math.isFinite") { $0.isFinite },
        .global("math.abs", numbers, .one(abs)),
        .global("math.sign", numbers, .one(sign)),
        .global("math.sqrt", [StaticType.int, .uint, .double].map { .init([$0], .double) }, .one(sqrt)),
        bits("math.bitAnd", &), bits("math.bitOr", |), bits("math.bitXor", ^),
        .global("math.bitNot", [StaticType.int, .uint].map { .init([$0], $0) }, .one(bitNot)),
        .global("math.bitShiftLeft", shifts, .two { (a, b, _) throws(Fault) in try shift("math.bitShiftLeft", a, b, <<) }),
        .global("math.bitShiftRight", shifts, .two { (a, b, _) throws(Fault) in try shift("math.bitShiftRight", a, b, >>) }),
    ]

    private static let numbers: [Function.Signature] = [StaticType.int, .uint, .double].map { .init([$0], $0) }
    private static let shifts: [Function.Signature] = [StaticType.int, .uint].map { .init([$0, .int], $0) }

    /// The greatest or least of the operands, or of the one operand that is a list; of equal ones the first.
    private static func extreme(_ name: String, _ operands: [CELValue], _ wanted: Order) throws(Fault) -> CELValue {
        var values = operands
        if operands.count == 1, case .list(let list) = operands[0] { values = list.values }
        guard var best = values.first else { throw .other("`\(name)` of an empty list") }
        // A single value has to be a number too.
        guard best.numericOrder(best) != nil else { throw .noOverload(name, best) }
        for value in values.dropFirst() {
            guard let order = value.numericOrder(best) else { throw .noOverload(name, value) }
            if order == wanted { best = value }
        }
        return best
    }

    private static func rounding(_ name: String, _ rule: FloatingPointRoundingRule) -> Function {
        .global(
            name, [.init([.double], .double)],
            .one { (value, _) throws(Fault) in
                guard case .double(let number) = value else { throw .noOverload(name, value) }
                return .double(number.rounded(rule))
            })
    }

    private static func test(_ name: String, _ holds: @escaping @Sendable (Double) -> Bool) -> Function {
        .global(
            name, [.init([.double], .bool)],
            .one { (value, _) throws(Fault) in
                guard case .double(let number) = value else { throw .noOverload(name, value) }
                return .bool(holds(number))
            })
    }

    @Sendable private static func abs(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        switch value {
        case .int(let number):
            guard number != .min else { throw .overflow }
            return .int(Swift.abs(number))
        case .uint: return value
        case .double(let number): return .double(Swift.abs(number))
        default: throw .noOverload("math.abs", value)
        }
    }

    @Sendable private static func sign(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        switch value {
        case .int(let number): .int(number.signum())
        case .uint(let number): .uint(number.signum())
        case .double(let number): .double(number > 0 ? 1 : number < 0 ? -1 : number)
        default: throw .noOverload("math.sign", value)
        }
    }

    @Sendable private static func sqrt(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        switch value {
        case .int(let number): .double(Double(number).squareRoot())
        case .uint(let number): .double(Double(number).squareRoot())
        case .double(let number): .double(number.squareRoot())
        default: throw .noOverload("math.sqrt", value)
        }
    }

    private static func bits(_ name: String, _ operation: @escaping @Sendable (UInt64, UInt64) -> UInt64) -> Function {
        .global(
            name, [.init([.int, .int], .int), .init([.uint, .uint], .uint)],
            .two { (left, right, _) throws(Fault) in
                switch (left, right) {
                case (.int(let a), .int(let b)): .int(Int64(bitPattern: operation(UInt64(bitPattern: a), UInt64(bitPattern: b))))
                case (.uint(let a), .uint(let b)): .uint(operation(a, b))
                default: throw .noOverload(name, left, right)
                }
            })
    }

    @Sendable private static func bitNot(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        switch value {
        case .int(let number): .int(~number)
        case .uint(let number): .uint(~number)
        default: throw .noOverload("math.bitNot", value)
        }
    }

    /// Shifts in zeros on either side, also for negative ints; 64 places and more leave nothing.
    private static func shift(
        _ name: String, _ value: CELValue, _ places: CELValue, _ operation: (UInt64, Int64) -> UInt64
    ) throws(Fault) -> CELValue {
        guard case .int(let count) = places else { throw .noOverload(name, value, places) }
        guard count >= 0 else { throw .other("`\(name)` by a negative number of places") }
        switch value {
        case .int(let number): return .int(Int64(bitPattern: operation(UInt64(bitPattern: number), count)))
        case .uint(let number): return .uint(operation(number, count))
        default: throw .noOverload(name, value, places)
        }
    }
}
