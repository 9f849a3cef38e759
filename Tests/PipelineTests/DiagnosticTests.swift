import Pipeline
import Testing

@Suite("Diagnostics")
struct DiagnosticTests {
    @Test("are rendered with the line, the place, what is related and the hint")
    func rendering() {
        let file = PipelineFile(name: "dir/p.yaml", text: "a: 1\n\n\n\n\n\n\n\n\n\ta: é two\n")
        let diagnostic = Diagnostic(
            "duplicate_key", "`a` appears twice", at: SourceLocation(file: "dir/p.yaml", line: 10, column: 7, length: 3),
            severity: .warning,
            hint: "did you mean `b`?", related: [RelatedPlace("first here", at: SourceLocation(file: "dir/p.yaml", line: 1, column: 1))])
        #expect(
            DiagnosticRenderer(files: [file]).render(diagnostic) == """
                warning[duplicate_key]: `a` appears twice
                  --> dir/p.yaml:10:7
                   |
                10 | \ta: é two
                   | \t     ^^^
                  ::: dir/p.yaml:1:1
                   |
                 1 | a: 1
                   | - first here
                   = help: did you mean `b`?

                """)
    }

    @Test("without a place are a sentence")
    func noPlace() {
        let diagnostic = Diagnostic("unreadable_file", "`x` cannot be read", at: nil)
        #expect(DiagnosticRenderer(files: []).render(diagnostic) == "error[unreadable_file]: `x` cannot be read\n")
    }

    @Test("have colour only when it is asked for, and never pass on what a file says to the terminal")
    func color() {
        let file = PipelineFile(name: "p", text: "a: \u{1B}[2J\u{202E}b\n")
        let diagnostic = Diagnostic("c", "m \u{1B}[2J", at: SourceLocation(file: "p", line: 1, column: 4, length: 4))
        #expect(!DiagnosticRenderer(files: [file]).render(diagnostic).contains("\u{1B}"))
        #expect(!DiagnosticRenderer(files: [file]).render(diagnostic).contains("\u{202E}"))
        let colored = DiagnosticRenderer(files: [file], usesColor: true).render(diagnostic)
        #expect(colored.hasPrefix("\u{1B}[1;31merror[c]\u{1B}[0m"))
        #expect(!colored.contains("\u{1B}[2J"))
    }

    @Test("hide a secret in every excerpt of its line, and in what they say of it")
    func secrets() {
        let result = Fixture.compile(
            "pipeline: p\nsources: {in: {stdin: }}\nsinks: {out: {stdout: }}\naws: {endpoint: 'http://me:hunter2@h', x: 1}\n")
        #expect(Fixture.summary(result.diagnostics) == ["invalid_value 4:17", "~plain_secret 4:17", "unknown_key 4:40"])
        let text = DiagnosticRenderer(files: result.files).render(result.diagnostics)
        #expect(!text.contains("hunter2"))
        #expect(text.contains("aws: {endpoint: •••••••••••••••••••••, x: 1}"))
        #expect(text.contains("found the text `http://me:•••@h`"))
    }

    @Test("show the part of a long line that matters")
    func longLine() {
        let file = PipelineFile(name: "p", text: String(repeating: "a", count: 1_000) + "BAD" + String(repeating: "z", count: 1_000))
        let lines = DiagnosticRenderer(files: [file]).render(
            Diagnostic("c", "m", at: SourceLocation(file: "p", line: 1, column: 1_001, length: 3))
        )
        .split(separator: "\n")
        #expect(lines[3].count < 200)
        let column = lines[4].firstIndex(of: "^").map { lines[4].distance(from: lines[4].startIndex, to: $0) } ?? 0
        #expect(lines[3].dropFirst(column).hasPrefix("BAD"))
    }

    @Test("places beyond the file are clamped, not trusted")
    func beyond() {
        let file = PipelineFile(name: "p", text: "ab")
        for location in [(9, 9, 9), (1, 99, 99), (0, 0, 0), (1, 1, 1 << 40)].map({
            SourceLocation(file: "p", line: $0, column: $1, length: $2)
        }) {
            #expect(DiagnosticRenderer(files: [file]).render(Diagnostic("c", "m", at: location)).contains("^"))
        }
    }

    @Test(
        "the nearest word is suggested",
        arguments: [
            ("streem", "stream"), ("iterator-type", "iterator_type"), ("STREAM", "stream"), ("strema", "stream"),
            ("recordlimit", "record_limit"), ("zzz", nil),
            ("", nil), ("s", nil), ("processors", nil),
        ] as [(String, String?)])
    func suggestions(_ written: String, _ expected: String?) {
        #expect(Suggestion.nearest(to: written, among: ["stream", "iterator_type", "record_limit"]) == expected)
    }

    @Test("the best of several near words is taken, and huge ones cost nothing")
    func best() {
        #expect(Suggestion.nearest(to: "filte", among: ["file", "filter"]) == "file")
        #expect(Suggestion.nearest(to: "fliter", among: ["file", "filter"]) == "filter")
        let huge = String(repeating: "x", count: 1_000_000)
        #expect(Suggestion.nearest(to: huge, among: [huge + "y"]) == nil)
    }
}
