import OrderedCollections
import Pipeline
import Records
import Testing

@Suite("Reports")
struct ReportTests {
    private let diagnostics = [
        Diagnostic("unreadable_file", "`a%b` cannot be read", at: nil),
        Diagnostic(
            "unknown_node", "there is no node `a`", at: SourceLocation(file: "dir/a, b:c.yaml", line: 3, column: 5, length: 2),
            severity: .warning, hint: "did you mean `b`?",
            related: [RelatedPlace("`b` is declared here", at: SourceLocation(file: "/x y.yaml", line: 1, column: 1))]),
    ]

    @Test("for GitHub are workflow commands, whose separators are escaped")
    func gitHub() {
        #expect(
            GitHubReport.text(diagnostics) == """
                ::error title=unreadable_file::`a%25b` cannot be read
                ::warning file=dir/a%2C b%3Ac.yaml,line=3,endLine=3,col=5,endColumn=7,title=unknown_node::there is no node `a`%0Ahelp: did you \
                mean `b`?%0A/x y.yaml:1:1: `b` is declared here

                """)
    }

    @Test("for code scanning have a rule each, and URIs for paths")
    func sarif() throws {
        let log = SARIFReport.value(diagnostics, version: "1.2.3")
        let run = try #require(log["runs"]?[0])
        #expect(run["tool"]?["driver"]?["rules"] == [["id": "unreadable_file"], ["id": "unknown_node"]])
        #expect(run["results"]?[0]?["locations"] == nil)
        let second = try #require(run["results"]?[1])
        #expect(second["ruleIndex"] == 1)
        #expect(second["level"] == "warning")
        let place = try #require(second["locations"]?[0]?["physicalLocation"])
        #expect(place["artifactLocation"]?["uri"] == "dir/a%2C%20b%3Ac.yaml")
        #expect(place["region"] == ["startLine": 3, "startColumn": 5, "endColumn": 7])
        #expect(second["relatedLocations"]?[0]?["physicalLocation"]?["artifactLocation"]?["uri"] == "file:///x%20y.yaml")
    }

    @Test("for programs count errors and warnings, and list the pipelines that are sound")
    func json() {
        let result = Fixture.compile("pipeline: p\nsources: {in: {stdin: }, more: {stdin: }}\nsinks: {out: {from: in, stdout: }}\n")
        let report = JSONReport.value(result)
        #expect(report["errors"] == 0)
        #expect(report["warnings"] == 1)
        #expect(report["diagnostics"]?[0]?["code"] == "unread_node")
        #expect(report["diagnostics"]?[0]?["line"] == 2)
        #expect(report["pipelines"]?[0]?["sources"] == ["in", "more"])
    }
}

extension Value {
    subscript(key: String) -> Value? {
        if case .map(let map) = self { map[key] } else { nil }
    }

    subscript(index: Int) -> Value? {
        if case .list(let items) = self, items.indices.contains(index) { items[index] } else { nil }
    }
}
