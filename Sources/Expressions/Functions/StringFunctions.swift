/// The string extension. Positions count code points.
///
/// https://pkg.go.dev/github.com/google/cel-go/ext#Strings
enum StringFunctions {
    static let all: [Function] = [
        .member("charAt", [.init([.string, .int], .string)], .two(charAt)),
        .member(
            "indexOf", [.init([.string, .string], .int)], .two { (a, b, _) throws(Fault) in try indexOf(a, b, .int(0)) }),
        .member(
            "indexOf", [.init([.string, .string, .int], .int)], .three { (a, b, c, _) throws(Fault) in try indexOf(a, b, c) }),
        .member(
            "lastIndexOf", [.init([.string, .string], .int)], .two { (a, b, _) throws(Fault) in try lastIndexOf(a, b, nil) }),
        .member(
            "lastIndexOf", [.init([.string, .string, .int], .int)],
            .three { (a, b, c, _) throws(Fault) in try lastIndexOf(a, b, c) }),
        .member("lowerAscii", [.init([.string], .string)], .one(lowerAscii)),
        .member("upperAscii", [.init([.string], .string)], .one(upperAscii)),
        .member("trim", [.init([.string], .string)], .one(trim)),
        .member("reverse", [.init([.string], .string)], .one(reverse)),
        .member(
            "replace", [.init([.string, .string, .string], .string), .init([.string, .string, .string, .int], .string)], .many(replace)),
        .member("split", [.init([.string, .string], .list)], .two { (a, b, budget) throws(Fault) in try split(a, b, .int(-1), &budget) }),
        .member("split", [.init([.string, .string, .int], .list)], .three(split)),
        .member("substring", [.init([.string, .int], .string), .init([.string, .int, .int], .string)], .many(substring)),
        .member("join", [.init([.list], .string)], .one { (a, budget) throws(Fault) in try join(a, .string(""), &budget) }),
        .member("join", [.init([.list, .string], .string)], .two(join)),
        .global("strings.quote", [.init([.string], .string)], .one(quote)),
    ]

    @Sendable private static func charAt(_ text: CELValue, _ index: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        let scalars = Array(try text.asString().unicodeScalars)
        let index = try position(index, upTo: scalars.count)
        return .string(index == scalars.count ? "" : String(scalars[index]))
    }

    private static func indexOf(_ text: CELValue, _ part: CELValue, _ offset: CELValue) throws(Fault) -> CELValue {
        let (scalars, part) = (Array(try text.asString().unicodeScalars), Array(try part.asString().unicodeScalars))
        let start = try position(offset, upTo: scalars.count)
        return .int(Int64(scalars.firstRange(of: part, from: start)?.lowerBound ?? -1))
    }

    /// The last place that begins at or before the offset: the first one in the reversed texts.
    private static func lastIndexOf(_ text: CELValue, _ part: CELValue, _ offset: CELValue?) throws(Fault) -> CELValue {
        let (scalars, part) = (Array(try text.asString().unicodeScalars), Array(try part.asString().unicodeScalars))
        var end = scalars.count
        if let offset { end = min(end, try position(offset, upTo: scalars.count) + part.count) }
        let found = Array(scalars[..<end].reversed()).firstRange(of: part.reversed(), from: 0)
        return .int(found.map { Int64(end - $0.upperBound) } ?? -1)
    }

    private static func position(_ value: CELValue, upTo count: Int) throws(Fault) -> Int {
        let index = try value.asInt()
        guard index >= 0, index <= count else { throw .other("position \(index) is outside of a text of \(count) characters") }
        return Int(index)
    }

    @Sendable private static func lowerAscii(_ text: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        .string(String(decoding: try text.asString().utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self))
    }

    @Sendable private static func upperAscii(_ text: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        .string(String(decoding: try text.asString().utf8.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }, as: UTF8.self))
    }

    @Sendable private static func trim(_ text: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        let scalars = try text.asString().unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return .string("") }
        return .string(String(scalars[first...last]))
    }

    @Sendable private static func reverse(_ text: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        .string(String(String.UnicodeScalarView(try text.asString().unicodeScalars.reversed())))
    }

    /// `text.replace(old, new)`, `text.replace(old, new, limit)`; an empty `old` stands before every character and at the end.
    @Sendable private static func replace(_ operands: [CELValue], _ budget: inout Budget) throws(Fault) -> CELValue {
        let (text, old, new) = (try operands[0].asString(), try operands[1].asString(), Array(try operands[2].asString().utf8))
        var left = operands.count == 4 ? try operands[3].asInt() : -1
        var result: [UInt8] = []
        if old.isEmpty {
            for scalar in text.unicodeScalars {
                if left != 0 { result += new }
                result += Array(UTF8.encode(scalar)!)
                left -= left > 0 ? 1 : 0
                try budget.charge(bytes: new.count)
            }
            if left != 0 { result += new }
            return .string(String(decoding: result, as: UTF8.self))
        }
        let (bytes, part) = (Array(text.utf8), Array(old.utf8))
        var position = 0
        while left != 0, let range = bytes.firstRange(of: part, from: position) {
            try budget.charge(bytes: range.upperBound - position + new.count)
            result += bytes[position..<range.lowerBound]
            result += new
            position = range.upperBound
            left -= left > 0 ? 1 : 0
        }
        result += bytes[position...]
        return .string(String(decoding: result, as: UTF8.self))
    }

    @Sendable private static func split(
        _ text: CELValue, _ separator: CELValue, _ limit: CELValue, _ budget: inout Budget
    ) throws(Fault) -> CELValue {
        let (text, separator, limit) = (try text.asString(), try separator.asString(), try limit.asInt())
        guard limit != 0 else { return .list(.computed([])) }
        var parts: [CELValue] = []
        let bytes = Array(text.utf8)
        let mark = Array(separator.utf8)
        var position = 0
        while limit < 0 || parts.count < limit - 1 {
            let end: Int
            let next: Int
            if mark.isEmpty {
                guard position < bytes.count else { return .list(.computed(parts)) }
                next = bytes.endOfScalar(at: position)
                end = next
            } else if let range = bytes.firstRange(of: mark, from: position) {
                (end, next) = (range.lowerBound, range.upperBound)
            } else {
                break
            }
            try budget.charge(1)
            parts.append(.string(String(decoding: bytes[position..<end], as: UTF8.self)))
            position = next
        }
        if !mark.isEmpty || position < bytes.count {
            parts.append(.string(String(decoding: bytes[position...], as: UTF8.self)))
        }
        return .list(.computed(parts))
    }

    @Sendable private static func substring(_ operands: [CELValue], _ budget: inout Budget) throws(Fault) -> CELValue {
        let scalars = Array(try operands[0].asString().unicodeScalars)
        let start = try position(operands[1], upTo: scalars.count)
        let end = operands.count == 3 ? try position(operands[2], upTo: scalars.count) : scalars.count
        guard start <= end else { throw .other("the substring from \(start) to \(end) ends before it begins") }
        return .string(String(String.UnicodeScalarView(scalars[start..<end])))
    }

    @Sendable private static func join(_ list: CELValue, _ separator: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        let (list, separator) = (try list.asList(), try separator.asString())
        var result = ""
        for index in 0..<list.count {
            if index > 0 { result += separator }
            let part = try list[index].asString()
            try budget.charge(1)
            try budget.charge(bytes: part.utf8.count + separator.utf8.count)
            result += part
        }
        return .string(result)
    }

    @Sendable private static func quote(_ text: CELValue, _ budget: inout Budget) throws(Fault) -> CELValue {
        var result = "\""
        for scalar in try text.asString().unicodeScalars {
            switch scalar {
            case "\u{07}": result += "\\a"
            case "\u{08}": result += "\\b"
            case "\u{0C}": result += "\\f"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0B}": result += "\\v"
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return .string(result + "\"")
    }
}

extension [UInt8] {
    /// Where the UTF-8 sequence at `start` ends.
    fileprivate func endOfScalar(at start: Int) -> Int {
        var end = start + 1
        while end < count, self[end] & 0xC0 == 0x80 { end += 1 }
        return end
    }
}
