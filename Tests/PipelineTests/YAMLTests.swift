import OrderedCollections
import Records
import Testing

@testable import Pipeline

@Suite("YAML")
struct YAMLTests {
    private func parse(_ text: String, limits: YAMLLimits = YAMLLimits()) -> YAMLStream {
        YAMLStream(PipelineFile(name: "f", text: text), limits: limits)
    }

    private func value(_ text: String) throws -> Value {
        let stream = parse(text)
        #expect(Fixture.summary(stream.diagnostics) == [])
        var context = DecodingContext()
        let root = try #require(stream.documents.first).root
        return try #require(root.value(in: &context))
    }

    @Test(
        "plain scalars follow the core schema of YAML 1.2",
        arguments: [
            ("null", Value.null), ("Null", .null), ("~", .null), ("true", .bool(true)), ("FALSE", .bool(false)), ("yes", .string("yes")),
            ("no", .string("no")),
            ("on", .string("on")), ("off", .string("off")), ("0777", .int(777)), ("0o17", .int(15)), ("0x1F", .int(31)),
            ("0b1", .string("0b1")),
            ("-12", .int(-12)), ("+12", .int(12)), ("1_000", .string("1_000")), ("9223372036854775807", .int(.max)),
            ("9223372036854775808", .bigInteger(BigInteger("9223372036854775808")!)),
            ("-00018446744073709551616", .bigInteger(BigInteger("-18446744073709551616")!)),
            ("1.5", .double(1.5)), ("1.", .double(1)), (".5", .double(0.5)), ("-1e3", .double(-1000)), ("1e", .string("1e")),
            (".", .string(".")), ("-", .string("-")),
            (".inf", .double(.infinity)), ("-.INF", .double(-.infinity)), ("inf", .string("inf")), ("nan", .string("nan")),
            ("0x", .string("0x")), ("0o8", .string("0o8")),
            ("12:30:45", .string("12:30:45")), ("1.2.3", .string("1.2.3")), ("2026-01-02", .string("2026-01-02")), ("+", .string("+")),
            ("0x-1", .string("0x-1")),
        ])
    func scalars(_ text: String, _ expected: Value) {
        #expect(YAMLScalar(text, style: .plain).resolved == expected)
    }

    @Test("not a number")
    func notANumber() {
        guard case .double(let number) = YAMLScalar(".NaN", style: .plain).resolved else {
            Issue.record(".NaN is a double")
            return
        }
        #expect(number.isNaN)
    }

    @Test("quoted and block scalars are strings", arguments: ["'5'", "\"5\"", "|-\n  5", ">-\n  5"])
    func quoted(_ text: String) throws {
        #expect(try value(text) == .string("5"))
    }

    @Test("aliases stand for the nodes that they name")
    func aliases() throws {
        #expect(try value("a: &x [1, 2]\nb: *x\n") == .map(["a": .list([.int(1), .int(2)]), "b": .list([.int(1), .int(2)])]))
    }

    @Test("merge keys: own keys win, then earlier mappings, in the place of `<<`")
    func merges() throws {
        let text = """
            base: &base {a: 1, b: 1}
            more: &more {b: 2, c: 2, d: 2}
            one: {<<: *base, b: 9}
            two: {z: 0, <<: [*base, *more], d: 9}
            quoted: {"<<": 1}
            """
        guard case .map(let map) = try value(text) else { return }
        #expect(map["one"] == .map(["a": .int(1), "b": .int(9)]))
        #expect(map["two"] == .map(["z": .int(0), "a": .int(1), "b": .int(1), "c": .int(2), "d": .int(9)]))
        #expect(map["quoted"] == .map(["<<": .int(1)]))
    }

    @Test("a merged key may be given again without being a duplicate, one given twice may not")
    func duplicates() {
        let stream = parse("x: &x {a: 1}\ny: {<<: *x, a: 2}\nz: {a: 1, 'a': 2}\n")
        #expect(Fixture.summary(stream.diagnostics) == ["duplicate_key 3:11"])
        #expect(stream.diagnostics[0].related == [RelatedPlace("first here", at: SourceLocation(file: "f", line: 3, column: 5, length: 1))])
    }

    @Test("marks of nodes, also behind characters of several bytes and a byte order mark")
    func marks() throws {
        let root = try #require(parse("\u{FEFF}é: ['日本', x]\nb:\n  c: d\n").documents.first).root
        let list = try #require(root["é"]?.sequence)
        #expect(list[1].mark == Mark(file: "f", line: 1, column: 11, endLine: 1, endColumn: 12))
        #expect(root["b"]?.mark == Mark(file: "f", line: 3, column: 3, endLine: 3, endColumn: 7))
    }

    @Test("an alias bomb is stopped at once")
    func bomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
        }
        let stream = parse(text)
        #expect(stream.diagnostics.map(\.code) == ["yaml_too_many_aliases"])
        #expect(stream.documents.isEmpty)
    }

    @Test("a merge bomb is stopped at once")
    func mergeBomb() {
        var text = "a0: &a0 {k: [x, x, x, x, x, x, x, x, x, x]}\n"
        for level in 1...40 { text += "a\(level): &a\(level) {m: {<<: *a\(level - 1)}, n: {<<: *a\(level - 1)}}\n" }
        #expect(parse(text).diagnostics.map(\.code) == ["yaml_too_many_aliases"])
    }

    @Test("nesting is bounded, with aliases and without")
    func depth() {
        func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(parse(nested(64)).diagnostics.isEmpty)
        #expect(parse(nested(65)).diagnostics.map(\.code) == ["yaml_too_deep"])
        #expect(parse(nested(100_000)).diagnostics.map(\.code) == ["yaml_too_deep"])
        #expect(parse("- &a \(nested(40))\n- [[*a]]\n").diagnostics.isEmpty)
        let deeper = "- &a \(nested(40))\n- \(String(repeating: "[", count: 30))*a\(String(repeating: "]", count: 30))\n"
        #expect(parse(deeper).diagnostics.map(\.code) == ["yaml_too_deep"])
    }

    @Test("the size of a file and the number of its nodes are bounded")
    func sizes() {
        var limits = YAMLLimits()
        limits.bytes = 10
        #expect(parse("a: 12345678\n", limits: limits).diagnostics.map(\.code) == ["file_too_large"])
        limits = YAMLLimits()
        limits.nodes = 5
        #expect(parse("[1, 2, 3, 4]", limits: limits).diagnostics.isEmpty)
        #expect(parse("[1, 2, 3, 4, 5]", limits: limits).diagnostics.map(\.code) == ["yaml_too_many_nodes"])
    }

    @Test("several documents; those before a syntax error are kept, empty ones left out")
    func documents() {
        let stream = parse("a: 1\n---\n---\nb: 2\n---\nc: [\n")
        #expect(stream.documents.count == 2)
        #expect(stream.diagnostics.map(\.code) == ["yaml_syntax"])
    }

    @Test("anchors end with their document")
    func anchorsOfDocuments() {
        #expect(parse("a: &x 1\n---\nb: *x\n").diagnostics.map(\.code) == ["unknown_alias"])
    }

    @Test("lines as YAML counts them", arguments: ["\n", "\r\n", "\r", "\u{85}", "\u{2028}"])
    func lines(_ end: String) {
        let file = PipelineFile(name: "f", text: "one\(end)zwei é\(end)three")
        #expect(file.lineCount == 3)
        #expect((1...4).map(file.line) == ["one", "zwei é", "three", ""])
        #expect(file.offset(line: 2, column: 7) == 3 + end.utf8.count + 7)
        #expect(file.position(of: file.offset(line: 2, column: 7)) == (2, 7))
        #expect(file.position(of: file.bytes.count) == (3, 6))
    }
}
