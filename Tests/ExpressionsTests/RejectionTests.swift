import Expressions
import Testing

@Suite("Rejected expressions")
struct RejectionTests {
    @Test(
        "mistakes are found before there is a record, at their place",
        arguments: [
            ("record.a ==", "expected a value, found the end of the expression", 11, 0),
            ("record.a = 1", "unexpected character `=`", 9, 1),
            ("(1 + 2", "expected `)`, found the end of the expression", 6, 0),
            ("1 2", "expected an operator or the end, found a number", 2, 1),
            ("'abc", "this string literal is not closed", 0, 4),
            ("'a\\qb'", "unknown escape `\\q`", 2, 2),
            ("'\\uD800'", "this escape is not a code point of Unicode", 1, 6),
            ("9223372036854775808", "an int is between -9223372036854775808 and 9223372036854775807", 0, 19),
            ("12ab", "`12ab` is not a number", 0, 4),
            ("recrod.a", "unknown name `recrod`", 0, 6),
            ("status == 'paid'", "unknown name `status`", 0, 6),
            ("meta.shrad == 'x'", "`meta` has no field `shrad`", 5, 5),
            ("record.a.startWith('x')", "unknown function `startWith`", 0, 23),
            ("record.a.matches('(x')", "this is no regular expression: missing ): (x", 17, 4),
            ("meta.shard + 1", "`+` does not take string and int", 0, 14),
            ("meta.shard == 1", "`==` does not take string and int", 0, 15),
            ("meta.offset.startsWith('x')", "`startsWith` does not take int and string", 0, 27),
            ("size(1, 2)", "`size` does not take 2 arguments", 0, 10),
            ("'x' ? 1 : 2", "the condition before `?` is a bool, this is a string", 0, 3),
            ("1 && true", "an operand of `&&` is a bool, this is an int", 0, 1),
            ("record.l.map(x + 1, x)", "expected the name of a variable", 13, 5),
            ("has(record)", "`has` takes one field selection", 0, 11),
            ("{1.5: 2}", "the key of a map is a string, int, uint or bool, this is a double", 1, 3),
            ("meta.arrived_at.getHours('Europe/Atlantis')", "unknown time zone \"Europe/Atlantis\"", 25, 17),
            ("'é' + x", "unknown name `x`", 7, 1),
        ])
    func mistakes(source: String, message: String, offset: Int, length: Int) throws {
        let error = try #require(rejection(of: source))
        #expect(error.message == message)
        #expect(error.offset == offset)
        #expect(error.length == length)
    }

    @Test(
        "likely answers are suggested",
        arguments: [
            ("recrod.a", "did you mean `record`?"),
            ("status == 'paid'", "a field of the record is `record.status`"),
            ("meta.shrad", "did you mean `shard`?"),
            ("record.a.startWith('x')", "did you mean `startsWith`?"),
            ("startsWith(record.a, 'x')", "it is written value.startsWith(…)"),
            ("record.a = 1", "equality is `==`"),
            ("meta.shard + 1", "convert one side: string(…), int(…) or double(…)"),
        ])
    func hints(source: String, hint: String) {
        #expect(rejection(of: source)?.hint == hint)
    }

    @Test(
        "depth and size are limited",
        arguments: [
            String(repeating: "(", count: 100_000), String(repeating: "!", count: 60_000) + "true", String(repeating: "[", count: 300),
            "1" + String(repeating: " + 1", count: 10_000), String(repeating: "-", count: 10_000) + "x",
            "record" + String(repeating: ".a", count: 10_000), "true" + String(repeating: " ? true : true", count: 1_000),
            "'" + String(repeating: "x", count: 70_000) + "'",
        ])
    func limits(source: String) {
        #expect(rejection(of: source) != nil)
    }

    @Test("any words are either an expression or an error inside of the text", arguments: 0..<20 as Range<UInt64>)
    func anyWords(seed: UInt64) {
        let words = [
            "record", ".", "a", "(", ")", "[", "]", "{", "}", "?", ":", ",", "'", "\"", "\\", "1", "0x", "e", "u", "-", "!", "&&", "in",
            "`", "é",
            "\n", "r'''", "b\"", " ", "has", "map", "x", "+",
        ]
        var state = seed
        for _ in 0..<200 {
            var text = ""
            repeat {
                // The generator of Knuth's MMIX: the upper bits are good enough to pick words.
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += words[Int(state >> 33) % words.count]
            } while (state >> 40) % 16 != 0
            if let error = rejection(of: text) {
                #expect(error.offset >= 0 && error.length >= 0 && error.offset + error.length <= text.utf8.count, "\(text)")
            }
        }
    }
}
