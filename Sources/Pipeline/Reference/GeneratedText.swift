/// A document that holds generated parts between `<!-- generated: NAME -->` and `<!-- end -->`.
public enum GeneratedText {
    /// Why the parts cannot be put in.
    public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// One sentence.
        public var description: String
    }

    private static let end = "<!-- end -->"

    /// The document with every part as `parts` has it. Throws where a marker has no end, or names no part.
    public static func updated(_ document: String, with parts: [(name: String, text: String)]) throws(Problem) -> String {
        var lines: [Substring] = []
        var open: (name: String, line: Int)?
        for (index, line) in document.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let name = name(inMarker: line) {
                guard open == nil else { throw Problem(description: "line \(index + 1): the part before has no `\(end)`") }
                guard let part = parts.first(where: { $0.name == name }) else {
                    throw Problem(
                        description:
                            "line \(index + 1): nothing is called `\(name)`; there are \(parts.map(\.name).joined(separator: ", "))")
                }
                open = (name, index + 1)
                lines.append(line)
                let body = part.text.hasSuffix("\n") ? part.text.dropLast() : part.text[...]
                if !body.isEmpty { lines += body.split(separator: "\n", omittingEmptySubsequences: false) }
            } else if line == end {
                open = nil
                lines.append(line)
            } else if open == nil {
                lines.append(line)
            }
        }
        if let open { throw Problem(description: "line \(open.line): `\(open.name)` has no `\(end)`") }
        return lines.joined(separator: "\n")
    }

    private static func name(inMarker line: Substring) -> String? {
        guard line.hasPrefix("<!-- generated: "), line.hasSuffix(" -->") else { return nil }
        return String(line.dropFirst("<!-- generated: ".count).dropLast(" -->".count))
    }
}
