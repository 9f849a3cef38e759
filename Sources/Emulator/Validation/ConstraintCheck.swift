import OrderedCollections
import Records
import Wire

/// Holds an input against its declared members, as AWS does before an operation sees it: a value of a wrong type ends the check, all
/// violated constraints are reported together.
struct ConstraintCheck {
    private var violations: [String] = []
    /// Where the check is: names of members, and `1.member` for the first structure of a list.
    private var path: [PathPart] = []

    private enum PathPart {
        case member(Member)
        case element(Int)
    }

    /// AWS reports this many violations at most.
    private static let reportedViolations = 10

    /// Throws SerializationException or ValidationException.
    static func run(_ input: ValueMap, against members: [Member]) throws(ServiceError) {
        var check = ConstraintCheck()
        try check.structure(input, members)
        guard !check.violations.isEmpty else { return }
        let reported = check.violations.prefix(reportedViolations)
        let noun = reported.count == 1 ? "1 validation error" : "\(reported.count) validation errors"
        throw .validation("\(noun) detected: \(reported.joined(separator: "; "))")
    }

    private mutating func structure(_ value: ValueMap, _ members: [Member]) throws(ServiceError) {
        for member in members {
            path.append(.member(member))
            switch value[member.name] {
            case nil, .null: if member.isRequired { violate("null", "Member must not be null") }
            case let present?: try check(present, member.shape)
            }
            path.removeLast()
        }
    }

    private mutating func check(_ value: Value, _ shape: Shape) throws(ServiceError) {
        switch (shape, value) {
        case (.string(let length, let pattern), .string(let text)):
            string(text, length, pattern)
        case (.choice(let names), .string(let text)):
            if !names.contains(text) { violate("'\(text)'", Self.choices(names)) }
        case (.integer(let range), .int(let number)):
            bounds(number, range, of: "value", value: "'\(number)'")
        case (.boolean, .bool), (.timestamp, .int), (.timestamp, .double):
            break
        case (.blob(let length), .string(let text)):
            bounds(Int64(Base64.decodedCount(text)), length.int64, of: "length", value: nil)
        case (.blob(let length), .bytes(let bytes)):
            bounds(Int64(bytes.count), length.int64, of: "length", value: nil)
        case (.list(let element, let count), .list(let elements)):
            bounds(Int64(elements.count), count.int64, of: "length", value: "'[\(elements.count) elements]'")
            try list(elements, element)
        case (.map(let element, let keyLength, let count), .map(let entries)):
            bounds(Int64(entries.count), count.int64, of: "length", value: "'{\(entries.count) entries}'")
            try map(entries, element, keyLength)
        case (.structure(let members), .map(let map)):
            try structure(map, members)
        default:
            throw .serialization("\(value.wireName) can not be converted to \(shape.wireName)")
        }
    }

    /// What is wrong with an element is said of the list, unless the element is a structure whose members can be named.
    private mutating func list(_ elements: [Value], _ shape: Shape) throws(ServiceError) {
        for (index, element) in elements.enumerated() {
            if case .structure(let members) = shape, case .map(let map) = element {
                path.append(.element(index + 1))
                try structure(map, members)
                path.removeLast()
            } else if !(try check(each: element, shape, "Member")) {
                return
            }
        }
    }

    private mutating func map(_ entries: ValueMap, _ shape: Shape, _ keyLength: ClosedRange<Int>) throws(ServiceError) {
        for key in entries.keys where !keyLength.contains(key.unicodeScalars.count) {
            violate("'\(key)'", "Map keys must satisfy constraint: [\(Self.lengths(keyLength))]")
            break
        }
        for value in entries.values where !(try check(each: value, shape, "Map value")) { return }
    }

    /// Answers whether the element is as it should be. Of several that are not, the first is reported.
    private mutating func check(each value: Value, _ shape: Shape, _ subject: String) throws(ServiceError) -> Bool {
        switch (shape, value) {
        case (_, .null):
            violate("'[null]'", "\(subject) must not be null")
            return false
        case (.string(let length, _), .string(let text)):
            guard !length.contains(text.unicodeScalars.count) else { return true }
            violate("'[\(text)]'", "\(subject) must satisfy constraint: [\(Self.lengths(length))]")
            return false
        case (.choice(let names), .string(let text)):
            guard !names.contains(text) else { return true }
            violate("'[\(text)]'", "\(subject) must satisfy constraint: [\(Self.choices(names))]")
            return false
        default:
            try check(value, shape)
            return true
        }
    }

    private static func lengths(_ range: ClosedRange<Int>) -> String {
        "Member must have length less than or equal to \(range.upperBound), Member must have length greater than or equal to \(range.lowerBound)"
    }

    private static func choices(_ names: [String]) -> String {
        "Member must satisfy enum value set: [\(names.joined(separator: ", "))]"
    }

    private mutating func string(_ text: String, _ length: ClosedRange<Int>, _ pattern: Pattern?) {
        // UTF-8 has at least one byte a character: counting characters is for what could be too long.
        let bytes = text.utf8.count
        let count = bytes <= length.upperBound ? min(bytes, length.lowerBound) : text.unicodeScalars.count
        bounds(Int64(count), length.int64, of: "length", value: "'\(text)'")
        if let pattern, !pattern.matches(text) {
            violate("'\(text)'", "Member must satisfy regular expression pattern: \(pattern.text)")
        }
    }

    private mutating func bounds(_ number: Int64, _ range: ClosedRange<Int64>, of what: String, value: @autoclosure () -> String?) {
        if number < range.lowerBound { violate(value(), "Member must have \(what) greater than or equal to \(range.lowerBound)") }
        if number > range.upperBound { violate(value(), "Member must have \(what) less than or equal to \(range.upperBound)") }
    }

    private mutating func violate(_ value: String?, _ constraint: String) {
        guard violations.count < Self.reportedViolations else { return }
        let names = path.map { part in
            switch part {
            case .member(let member): member.path
            case .element(let number): "\(number).member"
            }
        }
        let subject = value.map { "Value \($0)" } ?? "Value"
        violations.append("\(subject) at '\(names.joined(separator: "."))' failed to satisfy constraint: \(constraint)")
    }
}

extension ClosedRange<Int> {
    fileprivate var int64: ClosedRange<Int64> { Int64(lowerBound)...Int64(upperBound) }
}

extension Value {
    /// The JSON type as AWS names it in SerializationException.
    fileprivate var wireName: String {
        switch self {
        case .null: "NULL_VALUE"
        case .bool(let value): value ? "TRUE_VALUE" : "FALSE_VALUE"
        case .int, .bigInteger: "NUMBER_VALUE"
        case .double: "DECIMAL_VALUE"
        case .string, .bytes, .ext: "STRING_VALUE"
        case .list: "Start of list"
        case .map: "Start of structure"
        }
    }
}

extension Shape {
    fileprivate var wireName: String {
        switch self {
        case .string, .choice: "String"
        case .integer: "Integer"
        case .boolean: "Boolean"
        case .timestamp: "Timestamp"
        case .blob: "Blob"
        case .list: "list"
        case .map: "map"
        case .structure: "structure"
        }
    }
}
