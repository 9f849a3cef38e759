/// What is known of a type before there is a value.
enum StaticType: Sendable, Hashable {
    /// Anything: fields of records, elements of lists, results of `dyn`.
    case dynamic
    case known(CELType)

    var name: String {
        switch self {
        case .dynamic: "dyn"
        case .known(let type): type.name
        }
    }

    /// `a string`, `an int`.
    var words: String {
        switch self {
        case .known(.int), .known(.optional), .known(.ip): "an \(name)"
        default: "a \(name)"
        }
    }

    /// Whether a value of this type can be one of `type`.
    func canBe(_ type: StaticType) -> Bool {
        self == .dynamic || type == .dynamic || self == type
    }

    /// The type of something that is either.
    func joined(_ other: StaticType) -> StaticType { self == other ? self : .dynamic }

    static let bool = StaticType.known(.bool)
    static let int = StaticType.known(.int)
    static let uint = StaticType.known(.uint)
    static let double = StaticType.known(.double)
    static let string = StaticType.known(.string)
    static let bytes = StaticType.known(.bytes)
    static let list = StaticType.known(.list)
    static let map = StaticType.known(.map)
    static let timestamp = StaticType.known(.timestamp)
    static let duration = StaticType.known(.duration)
    static let type = StaticType.known(.type)
    static let ip = StaticType.known(.ip)
    static let cidr = StaticType.known(.cidr)
    static let optional = StaticType.known(.optional)
}

extension BinaryOperator {
    /// The type of the result, or nil where no operands of these types fit.
    func result(_ left: StaticType, _ right: StaticType) -> StaticType? {
        switch self {
        case .contained:
            return [.list, .map].contains { right.canBe(.known($0)) } ? .bool : nil
        case .equal, .notEqual:
            let comparable = left.canBe(right) || left == .known(.null) || right == .known(.null) || (left.isNumber && right.isNumber)
            return comparable ? .bool : nil
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard left.canBe(right) || (left.isNumber && right.isNumber) else { return nil }
            return left.isOrdered && right.isOrdered ? .bool : nil
        case .add, .subtract, .multiply, .divide, .remainder:
            return arithmetic(left, right)
        }
    }

    private func arithmetic(_ left: StaticType, _ right: StaticType) -> StaticType? {
        let results = Set(rules.filter { left.canBe($0.left) && right.canBe($0.right) }.map(\.result))
        return results.count > 1 ? .dynamic : results.first
    }

    private struct Rule {
        let left: StaticType
        let right: StaticType
        let result: StaticType

        init(_ left: StaticType, _ right: StaticType, _ result: StaticType) {
            self.left = left
            self.right = right
            self.result = result
        }
    }

    private var rules: [Rule] {
        let whole: [Rule] = [.init(.int, .int, .int), .init(.uint, .uint, .uint)]
        let numbers = whole + [.init(.double, .double, .double), .init(.int, .double, .double), .init(.double, .int, .double)]
        switch self {
        case .add:
            return numbers + [.string, .bytes, .list, .duration].map { Rule($0, $0, $0) }
                + [.init(.timestamp, .duration, .timestamp), .init(.duration, .timestamp, .timestamp)]
        case .subtract:
            return numbers
                + [
                    .init(.timestamp, .timestamp, .duration), .init(.timestamp, .duration, .timestamp),
                    .init(.duration, .duration, .duration),
                ]
        case .remainder: return whole
        default: return numbers
        }
    }
}

extension StaticType {
    var isNumber: Bool { self == .int || self == .uint || self == .double }

    fileprivate var isOrdered: Bool {
        switch self {
        case .dynamic: true
        case .known(let type): [.bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration].contains(type)
        }
    }
}
