extension YAMLSyntaxError {
    /// The parser's terse words as a sentence for somebody who writes pipeline files, not YAML parsers.
    func diagnostic(in file: PipelineFile) -> Diagnostic {
        let start = SourceLocation(file: file.name, line: place.line, column: place.column)
        let context = contextPlace.map { SourceLocation(file: file.name, line: $0.line, column: $0.column) }
        // Where the text ends says nothing about a quote that was never closed.
        if problem == Self.endOfStream || problem == Self.documentIndicator, let context {
            return Diagnostic(
                "yaml_syntax", "this quote is never closed", at: context, hint: "close it, and indent the lines of a text that goes on")
        }
        let explanation = explained(at: file.scalar(line: place.line, column: place.column), in: file)
        var related: [RelatedPlace] = []
        if let context, let begun, context != start { related = [RelatedPlace(begun, at: context)] }
        return Diagnostic("yaml_syntax", explanation.message, at: start, hint: explanation.hint, related: related)
    }

    private static let endOfStream = "found unexpected end of stream"
    private static let documentIndicator = "found unexpected document indicator"

    /// What began at the context's place.
    private var begun: String? {
        guard let context else { return nil }
        let names = [
            "block mapping": "the mapping begins here", "flow mapping": "the `{` is here", "block collection": "the list begins here",
            "flow sequence": "the `[` is here", "quoted scalar": "the quote opens here", "simple key": "the key is here",
            "block scalar": "the block begins here", "plain scalar": "the text begins here",
        ]
        return names.first { context.contains($0.key) }?.value
    }

    private func explained(at character: Unicode.Scalar?, in file: PipelineFile) -> (message: String, hint: String?) {
        let before = file.line(place.line).unicodeScalars.prefix(max(0, place.column - 1))
        if character == "\t", before.allSatisfy({ $0 == " " || $0 == "\t" }) || problem.contains("tab") {
            return ("a tab cannot indent YAML", "indent with spaces")
        }
        return switch problem {
        case "found character that cannot start any token":
            (character.map { "a plain value cannot begin with `\($0)`" } ?? "this cannot begin a value", "put the value in quotes")
        case "mapping values are not allowed in this context":
            ("a `:` cannot stand here", "put a text that contains `: ` in quotes, or check the indentation")
        case "did not find expected key":
            ("expected a key with the same indentation as its neighbours", "check the indentation of this line")
        case "did not find expected '-' indicator":
            ("expected another `- ` element of the list", "check the indentation of this line")
        case "block sequence entries are not allowed in this context":
            ("a list cannot begin here", "begin it on a line of its own")
        case "did not find expected ',' or '}'":
            ("expected `,` or `}`", "close the `{`, and put texts that contain any of `{}[],` in quotes")
        case "did not find expected ',' or ']'":
            ("expected `,` or `]`", "close the `[`, and put texts that contain any of `{}[],` in quotes")
        case "could not find expected ':'":
            ("expected `: ` after a key", "a key and its value are written `key: value`, with a space")
        case "found unknown escape character":
            ("unknown escape in double quotes", "in single quotes a backslash is itself")
        case "did not find expected alphabetic or numeric character":
            ("`*` and `&` begin aliases and anchors", "put the text in quotes")
        case "control characters are not allowed":
            ("control characters are not allowed", "write them as escapes in double quotes")
        case "did not find expected <document start>":
            ("expected the end of the document", "begin another document with a line `---`")
        case "did not find expected node content":
            ("expected a value", nil)
        default: (problem, nil)
        }
    }
}

extension PipelineFile {
    fileprivate func scalar(line number: Int, column: Int) -> Unicode.Scalar? {
        line(number).unicodeScalars.dropFirst(column - 1).first
    }
}
