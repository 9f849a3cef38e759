import Expressions
import Records
import Testing

@Suite("Evaluation")
struct EvaluationTests {
    @Test(
        "errors say what failed and where",
        arguments: [
            ("record.customer.mail", "there is no field `mail`", 0, 20),
            ("1 + record.nothing", "there is no field `nothing`", 4, 14),
            ("record.count.x == 1", "expected a map with a field `x`, got int", 0, 14),
            ("record.tags[2]", "index 2 is outside of a list of 2", 0, 14),
            ("record.count / 0", "division by zero", 0, 16),
            ("record.count + 9223372036854775807", "integer overflow", 0, 34),
            ("record.status + 1", "`+` does not take string and int", 0, 17),
            ("!record.count", "`!` does not take int", 0, 13),
            ("record.status.startsWith(record.count)", "expected string, got int", 0, 38),
            ("timestamp(record.status)", "\"paid\" is no timestamp of RFC 3339", 0, 24),
            ("meta.file", "there is no field `file`", 0, 9),
        ])
    func errors(source: String, message: String, offset: Int, length: Int) throws {
        let error = try #require(try failure(of: source))
        #expect(error.message == message)
        #expect(error.offset == offset)
        #expect(error.length == length)
    }

    @Test(
        "a deciding side of logic wins over an error on the other",
        arguments: [
            ("record.nothing == 1 || true", true), ("true || record.nothing == 1", true), ("record.nothing == 1 && false", false),
            ("[1, 0].exists(n, 1 / n == 1)", true), ("[0, 1].exists(n, 1 / n == 1)", true), ("[0, 2].all(n, 1 / n == 1)", false),
        ])
    func absorption(source: String, expected: Bool) throws {
        #expect(try value(of: source) == .bool(expected))
    }

    @Test("an error stays one where nothing decides", arguments: ["record.nothing == 1 || false", "true && record.nothing == 1"])
    func noAbsorption(source: String) throws {
        #expect(try failure(of: source)?.message == "there is no field `nothing`")
    }

    @Test("the other side of orValue is only evaluated where it is needed")
    func lazyAlternative() throws {
        #expect(try value(of: "record.?count.orValue(record.nothing)") == .int(3))
        #expect(try failure(of: "record.?nothing.orValue(record.nothing)") != nil)
    }

    @Test("inner variables hide outer ones, and are gone afterwards")
    func scopes() throws {
        #expect(try value(of: "[1, 2].map(x, [10, 20].map(x, x + 1)[0] + x)") == .list([.int(12), .int(13)]))
        #expect(try value(of: "cel.bind(a, 1, cel.bind(b, a + 1, [a, b, cel.bind(a, 9, a)]))") == .list([.int(1), .int(2), .int(9)]))
    }

    @Test(
        "an expression that would take too long fails",
        arguments: [
            // 200^3 steps.
            "cel.bind(l, [0].map(x, 'LIST'.replace('LIST', '0123456789').split(''))[0], "
                + "l.all(a, l.all(b, l.all(c, l.all(d, l.all(e, l.all(f, l.all(g, a + b + c + d + e + f + g != 'x'))))))))",
            // Doubles a text forty times.
            (0..<40).reversed().reduce("x40") { "cel.bind(x\($1 + 1), x\($1) + x\($1), \($0))" }.wrapped,
        ])
    func bounded(source: String) throws {
        #expect(try failure(of: source)?.message == "the expression takes too many steps for this record")
    }

    @Test(
        "texts are searched for parts of any length",
        arguments: [
            ("('ab' + 'a' + 'aaaaaaaaaaaaaaaaaaaaaaab').indexOf('aaaaaaaaaaaaaaaaaaaab')", 6),
            ("'abcabcabcabcabcabcabcabcabcabd'.indexOf('abcabcabcabcabcabcabd')", 9),
            ("'abcabcabcabcabcabcabcabcabcabd'.indexOf('abcabcabcabcabcabcabe')", -1),
            ("'tacocat'.lastIndexOf('a')", 5), ("'tacocat'.lastIndexOf('cat', 3)", -1), ("'tacocat'.lastIndexOf('cat', 4)", 4),
        ])
    func search(source: String, expected: Int64) throws {
        #expect(try value(of: source) == .int(expected))
    }

    @Test("texts are compared and counted by code points")
    func codePoints() throws {
        #expect(try value(of: #"'\u00e9' == 'e\u0301'"#) == .bool(false))
        #expect(try value(of: #"size('e\u0301')"#) == .int(2))
        #expect(try value(of: #"'\uFFFB' < '\U0001F62C'"#) == .bool(true))
    }

    @Test(
        "zones follow the rules of their years, also beyond those that are listed",
        .enabled(if: (try? value(of: "meta.arrived_at.getHours('Europe/Berlin')")) != nil, "no time zone database"),
        arguments: [
            ("timestamp('2026-03-29T00:59:59Z').getHours('Europe/Berlin')", 1),
            ("timestamp('2026-03-29T01:00:00Z').getHours('Europe/Berlin')", 3),
            ("timestamp('2150-07-01T00:00:00Z').getHours('Europe/Berlin')", 2),
            ("timestamp('2150-01-01T00:00:00Z').getHours('Australia/Sydney')", 11),
            ("timestamp('2150-07-01T00:00:00Z').getHours('Asia/Kolkata')", 5),
            ("timestamp('1900-01-01T00:00:00Z').getMinutes('Asia/Kolkata')", 21),
            ("meta.arrived_at.getHours('-03:30')", 23),
        ])
    func zones(source: String, expected: Int64) throws {
        #expect(try value(of: source) == .int(expected))
    }
}

extension String {
    /// The text with its innermost name bound.
    fileprivate var wrapped: String { "cel.bind(x0, 'x', size(\(self)))" }
}
