/// Diagnostics as text for a terminal: the message, the place, the source line with what is wrong underlined, and the hint.
public struct DiagnosticRenderer: Sendable {
    private let files: [String: PipelineFile]
    private let usesColor: Bool
    /// What no excerpt may show.
    private var hidden: [SourceLocation] = []

    /// `files` are those that diagnostics quote.
    public init(files: [PipelineFile], usesColor: Bool = false) {
        self.files = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
        self.usesColor = usesColor
    }

    /// All of them, an empty line between each two; in the given order.
    public func render(_ diagnostics: [Diagnostic]) -> String {
        var renderer = self
        // Other diagnostics may quote the same line.
        renderer.hidden += diagnostics.filter(\.hidesSource).compactMap(\.location)
        return diagnostics.map { diagnostic in renderer.text(of: diagnostic) }.joined(separator: "\n")
    }

    /// One of them; ends with a newline.
    public func render(_ diagnostic: Diagnostic) -> String { render([diagnostic]) }

    private func text(of diagnostic: Diagnostic) -> String {
        let color = diagnostic.severity == .error ? Style.red : .yellow
        var lines = [
            styled("\(diagnostic.severity.rawValue)[\(diagnostic.code)]", color) + styled(": \(printable(diagnostic.message))", .bold)
        ]
        let places = [diagnostic.location].compactMap { $0 } + diagnostic.related.map(\.location)
        let gutter = String(repeating: " ", count: places.map { String($0.line).count }.max() ?? 1)
        if let location = diagnostic.location {
            lines += excerpt(at: location, arrow: "-->", gutter: gutter, mark: "^", label: "", color: color)
        }
        for related in diagnostic.related {
            lines += excerpt(at: related.location, arrow: ":::", gutter: gutter, mark: "-", label: printable(related.message), color: .blue)
        }
        if let hint = diagnostic.hint { lines.append("\(gutter) \(styled("=", .blue)) help: \(printable(hint))") }
        return lines.joined(separator: "\n") + "\n"
    }

    private func excerpt(
        at location: SourceLocation, arrow: String, gutter: String, mark: String, label: String, color: Style
    ) -> [String] {
        let head = "\(gutter)\(styled(arrow, .blue)) \(location)"
        guard let file = files[location.file] else { return label.isEmpty ? [head] : ["\(head): \(label)"] }
        let secrets = hidden.filter { $0.file == location.file && $0.line == location.line }
        let window = Window(of: file.line(location.line), around: location, hiding: secrets)
        let number = String(location.line)
        let bar = styled("|", .blue)
        let pad = String(repeating: " ", count: gutter.count - number.count)
        let underline = styled(String(repeating: mark, count: window.length) + (label.isEmpty ? "" : " \(label)"), color)
        return [
            head, "\(gutter) \(bar)", "\(pad)\(styled(number, .blue)) \(bar) \(window.text)",
            "\(gutter) \(bar) \(window.indent)\(underline)",
        ]
    }

    /// A file can hold what would drive the terminal: control characters are shown as `·`.
    private func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { DiagnosticRenderer.isControl($0) ? "·" : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .format: scalar != "\t"
        default: false
        }
    }

    private enum Style: String {
        case bold = "1"
        case red = "1;31"
        case yellow = "1;33"
        case blue = "1;34"
    }

    private func styled(_ text: String, _ style: Style) -> String {
        usesColor ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// The part of a source line that is worth showing, and where in it the underlining goes.
    private struct Window {
        var text: String
        var indent: String
        var length: Int

        private static let width = 160

        init(of line: String, around location: SourceLocation, hiding secrets: [SourceLocation]) {
            var scalars = line.unicodeScalars.map { DiagnosticRenderer.isControl($0) ? "·" : $0 }
            for secret in secrets {
                let begin = min(max(0, secret.column - 1), scalars.count)
                let end = min(scalars.count, begin + max(0, secret.length))
                for index in begin..<end { scalars[index] = "•" }
            }
            let start = min(max(0, location.column - 1), scalars.count)
            // A long line is cut so that the place stays in view.
            let first = scalars.count > Self.width && start > Self.width / 2 ? start - Self.width / 2 : 0
            let last = min(scalars.count, first + Self.width)
            text = (first > 0 ? "…" : "") + String(String.UnicodeScalarView(scalars[first..<last])) + (last < scalars.count ? "…" : "")
            // Tabs are kept, so that the underlining stands below its text whatever their width.
            let before = scalars[first..<start].map { $0 == "\t" ? $0 : " " as Unicode.Scalar }
            indent = (first > 0 ? " " : "") + String(String.UnicodeScalarView(before))
            length = max(1, min(location.length, last - start))
        }
    }
}
