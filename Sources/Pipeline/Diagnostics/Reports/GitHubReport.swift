/// Diagnostics as workflow commands, which GitHub shows beside the lines of a pull request.
///
/// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#setting-an-error-message; the escapes are those of
/// its toolkit (actions/toolkit, packages/core/src/command.ts).
public enum GitHubReport {
    /// A line each.
    public static func text(_ diagnostics: [Diagnostic]) -> String { diagnostics.map(line).joined() }

    private static func line(_ diagnostic: Diagnostic) -> String {
        var properties: [String] = []
        if let location = diagnostic.location {
            properties = [
                "file=\(property(location.file))", "line=\(location.line)", "endLine=\(location.line)", "col=\(location.column)",
                "endColumn=\(location.column + location.length)",
            ]
        }
        properties.append("title=\(property(diagnostic.code))")
        let related = diagnostic.related.map { "\($0.location): \($0.message)" }
        let sentences = [diagnostic.message] + (diagnostic.hint.map { ["help: \($0)"] } ?? []) + related
        return "::\(diagnostic.severity.rawValue) \(properties.joined(separator: ","))::\(data(sentences.joined(separator: "\n")))\n"
    }

    private static func data(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private static func property(_ text: String) -> String { data(text).replacing(":", with: "%3A").replacing(",", with: "%2C") }
}
