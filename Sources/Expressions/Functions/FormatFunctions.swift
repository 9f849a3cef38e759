#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// `text.format(list)`: `%s`, `%d`, `%f`, `%e`, `%b`, `%o`, `%x`, `%X` and `%%`, with a precision for `%f` and `%e`.
///
/// https://pkg.go.dev/github.com/google/cel-go/ext#Strings
enum FormatFunctions {
    static let all: [Function] = [.member("format", [.init([.string, .list], .string)], .two(format))]

    /// Decimal places; more than a double can have anything to say in.
    private static let maximumPrecision = 1_000

    @Sendable private static func format(_ pattern: CELValue, _ list: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        let (pattern, list) = (Array(try pattern.asString().utf8), try list.asList())
        var result: [UInt8] = []
        var position = 0
        var index = 0
        while position < pattern.count {
            let byte = pattern[position]
            position += 1
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            if position < pattern.count, pattern[position] == byte {
                result.append(byte)
                position += 1
                continue
            }
            var precision: Int?
            if position < pattern.count, pattern[position] == UInt8(ascii: ".") {
                let digits = pattern[(position + 1)...].prefix(while: \.isDigit)
                precision = Int(String(decoding: digits, as: UTF8.self))
                position += 1 + digits.count
                guard let precision, precision <= maximumPrecision else {
                    throw .other("a precision of `format` is 0 to \(maximumPrecision)")
                }
            }
            guard position < pattern.count else { throw .other("`format` ends inside of a clause") }
            guard index < list.count else { throw .other("`format` has more clauses than its list has elements (\(list.count))") }
            try budget.charge(list[index].weight(upTo: budget.rest))
            let text = try clause(pattern[position], precision, list[index])
            try budget.charge(1)
            try budget.charge(bytes: text.utf8.count)
            result += Array(text.utf8)
            position += 1
            index += 1
        }
        return .string(String(decoding: result, as: UTF8.self))
    }

    private static func clause(_ letter: UInt8, _ precision: Int?, _ value: CELValue) throws(Fault) -> String {
        switch letter {
        case UInt8(ascii: "s"): return try value.formatted
        case UInt8(ascii: "d"): return try decimal(value)
        case UInt8(ascii: "f"): return try floating(value, "f", precision ?? 6)
        case UInt8(ascii: "e"): return try floating(value, "e", precision ?? 6)
        case UInt8(ascii: "b"):
            if case .bool(let flag) = value { return flag ? "1" : "0" }
            return try integer(value, radix: 2, "b")
        case UInt8(ascii: "o"): return try integer(value, radix: 8, "o")
        case UInt8(ascii: "x"): return try hexadecimal(value, isUppercase: false)
        case UInt8(ascii: "X"): return try hexadecimal(value, isUppercase: true)
        default: throw .other("`format` has no clause `%\(String(decoding: [letter], as: UTF8.self))`")
        }
    }

    private static func decimal(_ value: CELValue) throws(Fault) -> String {
        if case .double(let number) = value, !number.isFinite { return number.text }
        return try integer(value, radix: 10, "d")
    }

    private static func integer(_ value: CELValue, radix: Int, _ clause: String) throws(Fault) -> String {
        switch value {
        case .int(let number): String(number, radix: radix)
        case .uint(let number): String(number, radix: radix)
        default: throw .noOverload("%\(clause)", value)
        }
    }

    private static func hexadecimal(_ value: CELValue, isUppercase: Bool) throws(Fault) -> String {
        switch value {
        case .int(let number): String(number, radix: 16, uppercase: isUppercase)
        case .uint(let number): String(number, radix: 16, uppercase: isUppercase)
        case .string(let text): hexadecimal(Array(text.utf8), isUppercase)
        case .bytes(let bytes): hexadecimal(bytes, isUppercase)
        default: throw .noOverload(isUppercase ? "%X" : "%x", value)
        }
    }

    private static func hexadecimal(_ bytes: [UInt8], _ isUppercase: Bool) -> String {
        let digits = Array((isUppercase ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func floating(_ value: CELValue, _ conversion: String, _ precision: Int) throws(Fault) -> String {
        let number: Double
        switch value {
        case .double(let value): number = value
        case .int(let value): number = Double(value)
        case .uint(let value): number = Double(value)
        default: throw .noOverload("%\(conversion)", value)
        }
        guard number.isFinite else { return number.text }
        // 309 digits before the point at most, and what the precision adds.
        return String(unsafeUninitializedCapacity: maximumPrecision + 400) { buffer in
            let length = buffer.withMemoryRebound(to: CChar.self) { characters in
                withVaList([Int32(precision), number]) { vsnprintf(characters.baseAddress, characters.count, "%.*\(conversion)", $0) }
            }
            return max(0, Int(length))
        }
    }
}

extension CELValue {
    /// As `%s` writes it: texts without quotes, maps in the order of their keys.
    fileprivate var formatted: String {
        get throws(Fault) {
            switch self {
            case .null: return "null"
            case .bool(let flag): return flag ? "true" : "false"
            case .string(let text): return text
            case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
            case .type(let type): return type.rawValue
            case .list(let list):
                var parts: [String] = []
                for index in 0..<list.count { parts.append(try list[index].formatted) }
                return "[\(parts.joined(separator: ", "))]"
            case .map(let map):
                var parts: [(key: String, value: String)] = []
                for index in 0..<map.count {
                    let (key, value) = map[index]
                    parts.append((try key.formatted, try value.formatted))
                }
                let sorted = parts.sorted { $0.key.scalarsPrecede($1.key) }
                return "{\(sorted.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
            default:
                guard let text = numberOrTimeText else { throw .noOverload("%s", self) }
                return text
            }
        }
    }
}
