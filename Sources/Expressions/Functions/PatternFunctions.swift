import Patterns

/// `matches`, and the regex extension: https://pkg.go.dev/github.com/google/cel-go/ext#Regex. The second operand is the pattern.
enum PatternFunctions {
    static let all: [Function] = [
        .global("matches", tests, .pattern(matches)),
        .member("matches", tests, .pattern(matches)),
        .global("regex.extract", [.init([.string, .string], .optional)], .pattern(extract)),
        .global("regex.extractAll", [.init([.string, .string], .list)], .pattern(extractAll)),
        .global(
            "regex.replace", [.init([.string, .string, .string], .string), .init([.string, .string, .string, .int], .string)],
            .pattern(replace)),
    ]

    private static let tests: [Function.Signature] = [.init([.string, .string], .bool)]

    @Sendable private static func matches(
        _ pattern: Pattern, _ operands: [CELValue], _ budget: inout Budget
    ) throws(Fault) -> CELValue {
        .bool(pattern.matches(try operands[0].asString()))
    }

    /// The first match, or what its group matched.
    @Sendable private static func extract(
        _ pattern: Pattern, _ operands: [CELValue], _ budget: inout Budget
    ) throws(Fault) -> CELValue {
        let text = Array(try operands[0].asString().utf8)
        let group = try wanted(pattern)
        guard let range = text.match(pattern, from: 0)?[group] else { return .optional(nil) }
        return .optional(.string(String(decoding: text[range], as: UTF8.self)))
    }

    /// Every match, or what the group matched in each.
    @Sendable private static func extractAll(
        _ pattern: Pattern, _ operands: [CELValue], _ budget: inout Budget
    ) throws(Fault) -> CELValue {
        let text = Array(try operands[0].asString().utf8)
        let group = try wanted(pattern)
        var found: [CELValue] = []
        try text.eachMatch(pattern, atMost: .max, &budget) { spans in
            if let range = spans[group] { found.append(.string(String(decoding: text[range], as: UTF8.self))) }
        }
        return .list(.computed(found))
    }

    /// Which part of a match is meant: the only group, or all of it where there is none.
    private static func wanted(_ pattern: Pattern) throws(Fault) -> Int {
        guard pattern.groupNames.count <= 1 else { throw .other("the regular expression to extract with has one group at most") }
        return pattern.groupNames.count
    }

    /// `\1` to `\9` in the replacement are groups, `\0` is the match, `\\` a backslash. A negative count is all.
    @Sendable private static func replace(
        _ pattern: Pattern, _ operands: [CELValue], _ budget: inout Budget
    ) throws(Fault) -> CELValue {
        let text = Array(try operands[0].asString().utf8)
        let parts = try replacement(try operands[2].asString(), groups: pattern.groupNames.count)
        let count = operands.count == 4 ? try operands[3].asInt() : -1
        var result: [UInt8] = []
        var end = 0
        var cost = Budget()
        try text.eachMatch(pattern, atMost: count < 0 ? .max : Int(clamping: count), &budget) { (spans) throws(Fault) in
            guard let whole = spans[0] else { return }
            result += text[end..<whole.lowerBound]
            let length = result.count
            for part in parts {
                switch part {
                case .text(let bytes): result += bytes
                case .group(let group): if let range = spans[group] { result += text[range] }
                }
            }
            try cost.charge(bytes: result.count - length)
            end = whole.upperBound
        }
        result += text[end...]
        try budget.charge(bytes: result.count)
        return .string(String(decoding: result, as: UTF8.self))
    }

    private enum Part {
        case text([UInt8])
        case group(Int)
    }

    private static func replacement(_ text: String, groups: Int) throws(Fault) -> [Part] {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                literal.append(byte)
                continue
            }
            switch bytes.popFirst() {
            case UInt8(ascii: "\\"): literal.append(byte)
            case let digit? where digit.isDigit:
                let group = Int(digit - 0x30)
                guard group <= groups else { throw .other("the regular expression has no group \(group)") }
                parts += [.text(literal), .group(group)]
                literal = []
            default: throw .other("a backslash in a replacement stands before a digit or another backslash")
            }
        }
        return parts + [.text(literal)]
    }
}

extension [UInt8] {
    fileprivate func match(_ pattern: Pattern, from offset: Int) -> [Range<Int>?]? {
        withUnsafeBufferPointer { pattern.firstMatch(in: $0, from: offset) }
    }

    /// Visits the matches from the left that do not overlap.
    fileprivate func eachMatch(
        _ pattern: Pattern, atMost limit: Int, _ budget: inout Budget, _ visit: ([Range<Int>?]) throws(Fault) -> Void
    ) throws(Fault) {
        var offset = 0
        var count = 0
        while count < limit, offset <= self.count, let spans = match(pattern, from: offset), let whole = spans[0] {
            // Some patterns look at all of the rest before they settle for a short match.
            try budget.charge(1 + (self.count - offset) / 64)
            try visit(spans)
            count += 1
            offset = whole.upperBound
            // After an empty match the search goes on behind the next code point.
            if whole.isEmpty {
                offset += 1
                while offset < self.count, self[offset] & 0xC0 == 0x80 { offset += 1 }
            }
        }
    }
}
