import Testing

@testable import Pipeline

@Suite("Places inside scalars")
struct ScalarLayoutTests {
    /// The character of the file at which each character of the only scalar of `text` stands, `?` where it is another line's end or missing.
    private func layout(_ text: String) throws -> (scalar: String, file: String) {
        let file = PipelineFile(name: "f", text: text)
        let root = try #require(YAMLStream(file).documents.first).root
        let node = try #require(root["k"])
        let scalar = try #require(node.scalar)
        let layout = ScalarLayout(scalar, at: node.mark, in: file)
        var seen = ""
        for offset in scalar.text.utf8.indices.map({ scalar.text.utf8.distance(from: scalar.text.utf8.startIndex, to: $0) }) {
            let place = layout.location(of: offset..<(offset + 1))
            let line = Array(file.line(place.line).utf8)
            let byte = file.offset(line: place.line, column: place.column) - file.offset(line: place.line, column: 1)
            seen.append(byte < line.count ? Character(Unicode.Scalar(line[byte])) : "\n")
        }
        return (scalar.text, seen)
    }

    @Test(
        "every character is found again",
        arguments: [
            "k: record.status == paid", "k: a b  c", "k: one two\n   three\n\n   four\n", "k: 'it''s a test'", "k: 'one\n  two\n\n  three'",
            "k: \"plain text\"",
            "k: |\n  one\n    two\n\n  three\n", "k: |2-\n    one\n  two\n", "k: >\n  one two\n  three\n\n  four\n", "k: &name plain",
            "k: &name 'quoted'",
            "k: &name\n  a b", "k: |+\n  one\n\n\n", "k: | # why\n  one\n", "k: 'a'\n", "k: \"one\n  two\"",
        ])
    func everyCharacter(_ text: String) throws {
        let (scalar, file) = try layout(text)
        // Line folding makes a space of a line end, and the other way round: any white space is as good.
        let blank: (Character) -> Character = { $0.isWhitespace ? " " : $0 }
        #expect(String(file.map(blank)) == String(scalar.map(blank)))
    }

    @Test(
        "escapes stand at their backslash",
        arguments: [
            ("k: \"a\\tb\"", "a\\b"), ("k: \"\\u00e9x\"", "\\\\x"), ("k: \"\\x41b\"", "\\b"), ("k: \"\\U0001F600!\"", "\\\\\\\\!"),
            ("k: \"a\\\"b\"", "a\\b"),
            ("k: \"a\\\n   b\"", "ab"), ("k: \"a \\\n   \\ b\"", "a \\b"), ("k: \"\\N\\_\\L\\P.\"", "\\\\\\\\\\\\\\\\\\\\."),
            ("k: \"\\\\x\"", "\\x"),
        ])
    func escapes(_ text: String, _ expected: String) throws {
        #expect(try layout(text).file == expected)
    }

    private func diagnostics(_ step: String) -> [String] {
        let result = Fixture.compile(
            "pipeline: p\nsources: {in: {stdin: }}\nsinks: {out: {stdout: }}\ntransforms:\n  t:\n    steps:\n\(step)\n")
        return result.diagnostics.map { "\($0.code) \($0.location?.description ?? "") \($0.location?.length ?? 0)" }
    }

    @Test(
        "an error of an expression is at its own place",
        arguments: [
            ("      - filter: record.a == nope", "invalid_expression p.yaml:7:29 4"),
            ("      - filter: 'record.a == nope'", "invalid_expression p.yaml:7:30 4"),
            ("      - filter: 'record.a == ''é'' || nope'", "invalid_expression p.yaml:7:39 4"),
            ("      - filter: \"record.a == \\\"\\u00e9\\\" || nope\"", "invalid_expression p.yaml:7:44 4"),
            ("      - filter: |\n          record.a == 1 ||\n            nope\n", "invalid_expression p.yaml:9:13 4"),
            ("      - filter: >-\n          record.a == 1 ||\n          nope\n", "invalid_expression p.yaml:9:11 4"),
            ("      - filter: record.a == 1 ||\n          nope", "invalid_expression p.yaml:8:11 4"),
            ("      - set: {a: '1', b: 'nope + 1'}", "invalid_expression p.yaml:7:27 4"),
        ])
    func expressions(_ step: String, _ expected: String) {
        #expect(diagnostics(step) == [expected])
    }

    @Test("what is missing at the end of a block is missing after its last word")
    func endOfBlock() {
        #expect(diagnostics("      - filter: |\n          record.a ==\n").map { $0.prefix(30) } == ["invalid_expression p.yaml:8:22"])
    }

    @Test("a reference that cannot be expanded is underlined alone")
    func interpolation() {
        let result = Fixture.compile("pipeline: p\nsources: {in: {stdin: }}\nsinks:\n  out:\n    file:\n      path: \"a\\tb/${NOPE}/c\"\n")
        #expect(result.diagnostics.map(\.location) == [SourceLocation(file: "p.yaml", line: 6, column: 19, length: 7)])
    }
}
