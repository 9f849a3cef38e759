import Patterns

/// A function with so many operands. Several of them can share a name.
struct Function: Sendable {
    enum Style: Sendable {
        /// `name(operand, …)`, where the name may have a namespace: `math.abs`.
        case global
        /// `operand.name(…)`: the operand before the dot is the first.
        case member
    }

    /// Types that fit together, for the check before there are values.
    struct Signature: Sendable {
        let operands: [StaticType]
        let result: StaticType

        init(_ operands: [StaticType], _ result: StaticType) {
            self.operands = operands
            self.result = result
        }
    }

    enum Body: Sendable {
        case none(@Sendable () -> CELValue)
        case one(@Sendable (CELValue, inout Budget) throws(Fault) -> CELValue)
        case two(@Sendable (CELValue, CELValue, inout Budget) throws(Fault) -> CELValue)
        case three(@Sendable (CELValue, CELValue, CELValue, inout Budget) throws(Fault) -> CELValue)
        /// Any number of operands, one at least.
        case many(@Sendable ([CELValue], inout Budget) throws(Fault) -> CELValue)
        /// Two operands at least, of which the second is a regular expression.
        case pattern(@Sendable (Pattern, [CELValue], inout Budget) throws(Fault) -> CELValue)
    }

    let name: String
    let style: Style
    /// Empty where any operands fit.
    let signatures: [Signature]
    let body: Body

    static func global(_ name: String, _ signatures: [Signature], _ body: Body) -> Function {
        Function(name: name, style: .global, signatures: signatures, body: body)
    }

    static func member(_ name: String, _ signatures: [Signature], _ body: Body) -> Function {
        Function(name: name, style: .member, signatures: signatures, body: body)
    }

    /// Whether the second operand, where there is one, is the name of a time zone.
    var takesTimeZone: Bool { signatures.contains { $0.operands == [.timestamp, .string] } }

    func takes(_ count: Int) -> Bool {
        guard signatures.isEmpty else { return signatures.contains { $0.operands.count == count } }
        return switch body {
        case .none: count == 0
        case .one: count == 1
        case .two: count == 2
        case .three: count == 3
        case .many: count >= 1
        case .pattern: count >= 2
        }
    }

    /// The type of the result, or nil where operands of these types can never fit.
    func result(_ operands: [StaticType]) -> StaticType? {
        guard !signatures.isEmpty else { return .dynamic }
        let results = signatures.filter { signature in
            signature.operands.count == operands.count && zip(signature.operands, operands).allSatisfy { $1.canBe($0) }
        }.map(\.result)
        guard let first = results.first else { return nil }
        return results.dropFirst().reduce(first) { $0.joined($1) }
    }
}

/// Every function of the language.
enum Functions {
    static let all: [Function] =
        StandardFunctions.all + ConversionFunctions.all + TimeFunctions.all + StringFunctions.all + FormatFunctions.all + MathFunctions.all
        + EncoderFunctions.all + OptionalFunctions.all + PatternFunctions.all + NetworkFunctions.all

    private struct Name: Hashable {
        let name: String
        let isMember: Bool
    }

    private static let byName: [Name: [Function]] = Dictionary(grouping: all) { Name(name: $0.name, isMember: $0.style == .member) }

    static func named(_ name: String, _ style: Function.Style) -> [Function] {
        byName[Name(name: name, isMember: style == .member)] ?? []
    }
}

extension CELValue {
    func asString() throws(Fault) -> String {
        guard case .string(let value) = self else { throw .expected("string", got: typeName) }
        return value
    }

    func asInt() throws(Fault) -> Int64 {
        guard case .int(let value) = self else { throw .expected("int", got: typeName) }
        return value
    }

    func asBytes() throws(Fault) -> [UInt8] {
        guard case .bytes(let value) = self else { throw .expected("bytes", got: typeName) }
        return value
    }

    func asList() throws(Fault) -> CELList {
        guard case .list(let value) = self else { throw .expected("list", got: typeName) }
        return value
    }

    func asOptional() throws(Fault) -> CELValue? {
        guard case .optional(let value) = self else { throw .expected("optional", got: typeName) }
        return value
    }
}
