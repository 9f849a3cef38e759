import Records

@testable import Expressions

/// Makes expressions from a seed: well-formed ones with everything that the language has, and broken ones.
struct ExpressionFuzzer {
    private var random: SplitMix64
    /// Comprehension variables in scope.
    private var variables: [String] = []

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    mutating func next() -> String {
        variables = []
        // These go to the limits of an evaluation, which is long for a test.
        if below(500) == 0 { return doubling() }
        switch below(10) {
        case 0: return soup()
        case 1, 2: return broken(expression(below(4)))
        default: return expression(below(5))
        }
    }

    private mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

    private mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

    private static let literals = [
        "0", "1", "-1", "2u", "1.5", "-0.0", "1e308", "9223372036854775807", "-9223372036854775808", "18446744073709551615u", "true",
        "false",
        "null", "''", "'a'", "'Anna'", "'é\\n'", "\"\"\"x\ny\"\"\"", "b'\\xff'", "r'\\d+'", "'(a+)+$'", "'%s %d %.3f'",
        "'2026-01-02T03:04:05Z'",
        "'1h'", "'Europe/Berlin'", "'10.0.0.0/8'", "'::1'", "'YQ=='", "[]", "{}", "[1, 2, 3]", "{'a': 1}", "0x7fffffffffffffff",
    ]

    private static let references = [
        "record", "record.status", "record.total", "record.count", "record.customer.name", "record.tags", "record.none", "record.big",
        "record.?customer.?mail", "record.tags[?0]", "record['status']", "record.blob", "record.`dotted.name`", "record.missing", "meta",
        "meta.shard", "meta.arrived_at", "meta.file", "meta.sub_sequence", "type(record)", "int", "net.IP",
    ]

    private static let operators = ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "&&", "||"]

    private static let macros = ["all", "exists", "exists_one", "filter", "map", "existsOne"]

    /// Half of the parts hide their type from the checker, so that more is evaluated.
    private mutating func expression(_ depth: Int) -> String {
        let text = plainExpression(depth)
        return below(2) == 0 ? "dyn(\(text))" : text
    }

    private mutating func plainExpression(_ depth: Int) -> String {
        guard depth > 0 else {
            if !variables.isEmpty, below(2) == 0 { return pick(variables) }
            return below(2) == 0 ? pick(Self.literals) : pick(Self.references)
        }
        let depth = depth - 1
        switch below(12) {
        case 0, 1, 2: return "\(expression(depth)) \(pick(Self.operators)) \(expression(depth))"
        case 3: return "(\(expression(depth)) ? \(expression(depth)) : \(expression(depth)))"
        case 4: return "\(pick(["!", "-"]))(\(expression(depth)))"
        case 5: return "[\(expression(depth)), ?\(expression(depth)), \(expression(depth))]"
        case 6: return "{\(expression(depth)): \(expression(depth)), ?'k': \(expression(depth))}"
        case 7: return "(\(expression(depth)))\(pick([".name", ".?name", "[0]", "[?1]", "['a']"]))"
        case 8: return comprehension(depth)
        default: return call(depth)
        }
    }

    private mutating func comprehension(_ depth: Int) -> String {
        let range = expression(depth)
        let (first, second) = ("v\(variables.count)", "w\(variables.count)")
        let outer = variables
        defer { variables = outer }
        variables.append(first)
        switch below(6) {
        case 0: return "cel.bind(\(first), \(range), \(expression(depth)))"
        case 1: return "optional.of(\(range)).optMap(\(first), \(expression(depth)))"
        case 2: return "has((\(range)).\(pick(["a", "name"])))"
        case 3:
            variables.append(second)
            return "(\(range)).\(pick(["transformList", "transformMap", "all"]))(\(first), \(second), \(expression(depth)))"
        default: return "(\(range)).\(pick(Self.macros))(\(first), \(expression(depth)))"
        }
    }

    private mutating func call(_ depth: Int) -> String {
        let function = pick(Functions.all)
        let count = below(8) == 0 ? below(5) : function.signatures.isEmpty ? 1 + below(2) : pick(function.signatures).operands.count
        var operands: [String] = []
        for _ in 0..<count { operands.append(expression(depth)) }
        guard function.style == .member, let target = operands.first else { return "\(function.name)(\(operands.joined(separator: ", ")))" }
        return "(\(target)).\(function.name)(\(operands.dropFirst().joined(separator: ", ")))"
    }

    /// What grows with every level: texts, lists, and values that contain one another.
    private mutating func doubling() -> String {
        let levels = 1 + below(60)
        let growth = pick(["x + x", "[x, x]", "{'a': x, 'b': x}", "x.replace('a', 'aaaaaaaa')", "'%s%s'.format([x, x])", "x.map(y, x)"])
        var text = pick(["x", "x == x", "size(x)", "x in [x]", "'%s'.format([x])"])
        for _ in 0..<levels { text = "cel.bind(x, \(growth), \(text))" }
        return "cel.bind(x, \(pick(["'a'", "[1, 2]", "record", "record.tags"])), \(text))"
    }

    private mutating func broken(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for _ in 0...below(3) {
            guard !bytes.isEmpty else { break }
            let place = below(bytes.count)
            switch below(3) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
            default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 8)], at: below(bytes.count))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func soup() -> String {
        let words =
            Self.literals + Self.operators + Self.references + ["(", ")", "[", "]", "{", "}", "?", ":", ",", ".", "!", "`", "'", "\\"]
        var text = ""
        for _ in 0...below(30) { text += pick(words) + (below(3) == 0 ? " " : "") }
        return text
    }
}
