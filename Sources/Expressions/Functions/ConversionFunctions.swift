/// `int`, `uint`, `double`, `string`, `bytes`, `bool`, `timestamp` and `duration`.
enum ConversionFunctions {
    static let all: [Function] = [
        .global("int", [.int, .uint, .double, .string, .timestamp].map { .init([$0], .int) }, .one(int)),
        .global("uint", [.int, .uint, .double, .string].map { .init([$0], .uint) }, .one(uint)),
        .global("double", [.int, .uint, .double, .string].map { .init([$0], .double) }, .one(double)),
        .global(
            "string", [.int, .uint, .double, .string, .bytes, .bool, .timestamp, .duration, .ip, .cidr].map { .init([$0], .string) },
            .one(string)),
        .global("bytes", [.string, .bytes].map { .init([$0], .bytes) }, .one(bytes)),
        .global("bool", [.string, .bool].map { .init([$0], .bool) }, .one(bool)),
        .global("timestamp", [.string, .int, .timestamp].map { .init([$0], .timestamp) }, .one(timestamp)),
        .global("duration", [.string, .duration].map { .init([$0], .duration) }, .one(duration)),
    ]

    @Sendable private static func int(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        switch value {
        case .int: return value
        case .uint(let number):
            guard let result = Int64(exactly: number) else { throw outOfRange(value, "int") }
            return .int(result)
        case .double(let number):
            // The least int itself is refused: as a double it stands for numbers on both sides of the limit.
            guard number > -0x1p63, number < 0x1p63 else { throw outOfRange(value, "int") }
            return .int(Int64(number))
        case .string(let text):
            guard let result = Int64(text) else { throw .other("\(value.quoted) is no int") }
            return .int(result)
        case .timestamp(let moment): return .int(moment.seconds)
        default: throw .noOverload("int", value)
        }
    }

    @Sendable private static func uint(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        switch value {
        case .uint: return value
        case .int(let number):
            guard let result = UInt64(exactly: number) else { throw outOfRange(value, "uint") }
            return .uint(result)
        case .double(let number):
            guard number > -1, number < 0x1p64 else { throw outOfRange(value, "uint") }
            return .uint(UInt64(number))
        case .string(let text):
            guard let result = UInt64(text) else { throw .other("\(value.quoted) is no uint") }
            return .uint(result)
        default: throw .noOverload("uint", value)
        }
    }

    private static func outOfRange(_ value: CELValue, _ type: String) -> Fault {
        .other("\(value.quoted) is out of the range of \(type)")
    }

    @Sendable private static func double(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        switch value {
        case .double: return value
        case .int(let number): return .double(Double(number))
        case .uint(let number): return .double(Double(number))
        case .string(let text):
            // Swift reads hexadecimal and payloads of NaN as well.
            let isPlain = text.utf8.allSatisfy { $0.isDigit || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }
            let isNamed = ["NaN", "Infinity", "+Infinity", "-Infinity", "Inf", "+Inf", "-Inf", "inf", "+inf", "-inf"].contains(text)
            guard isPlain || isNamed, let result = Double(text) else { throw .other("\(value.quoted) is no double") }
            return .double(result)
        default: throw .noOverload("double", value)
        }
    }

    @Sendable private static func string(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        switch value {
        case .string: return value
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else { throw .other("these bytes are not UTF-8") }
            return .string(text)
        case .bool(let flag): return .string(flag ? "true" : "false")
        default:
            guard let text = value.numberOrTimeText else { throw .noOverload("string", value) }
            return .string(text)
        }
    }

    @Sendable private static func bytes(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        switch value {
        case .bytes: value
        case .string(let text): .bytes(Array(text.utf8))
        default: throw .noOverload("bytes", value)
        }
    }

    @Sendable private static func bool(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        guard case .string(let text) = value else {
            guard case .bool = value else { throw .noOverload("bool", value) }
            return value
        }
        switch text {
        case "1", "t", "true", "TRUE", "True": return .bool(true)
        case "0", "f", "false", "FALSE", "False": return .bool(false)
        default: throw .other("\(value.quoted) is no bool")
        }
    }

    @Sendable private static func timestamp(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        switch value {
        case .timestamp: return value
        case .int(let seconds):
            guard let moment = Timestamp(seconds: seconds) else { throw outOfRange(value, "timestamp") }
            return .timestamp(moment)
        case .string(let text):
            guard let moment = Timestamp(text: text) else { throw .other("\(value.quoted) is no timestamp of RFC 3339") }
            return .timestamp(moment)
        default: throw .noOverload("timestamp", value)
        }
    }

    @Sendable private static func duration(_ value: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        switch value {
        case .duration: return value
        case .string(let text):
            guard let span = TimeSpan(text: text) else { throw .other("\(value.quoted) is no duration such as 1h30m or 1.5s") }
            return .duration(span)
        default: throw .noOverload("duration", value)
        }
    }
}

extension CELValue {
    /// Numbers in decimal, timestamps in RFC 3339, durations in seconds, addresses in their notation; nil for other types.
    var numberOrTimeText: String? {
        switch self {
        case .int(let number): String(number)
        case .uint(let number): String(number)
        case .double(let number): number.text
        case .timestamp(let moment): moment.text
        case .duration(let span): span.text
        case .ip(let address): address.text
        case .cidr(let network): network.text
        default: nil
        }
    }
}

extension Double {
    /// The shortest decimal that reads back the same; whole numbers without a fraction, as CEL prints them.
    var text: String {
        guard isFinite else { return isNaN ? "NaN" : self < 0 ? "-Infinity" : "Infinity" }
        let text = description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
