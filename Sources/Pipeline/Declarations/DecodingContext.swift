public import Processors
public import Records

/// What decoding needs to know, and where it reports what is wrong.
public struct DecodingContext: Sendable {
    /// In the order in which they were found.
    public private(set) var diagnostics: [Diagnostic] = []
    /// How many of the diagnostics are errors.
    public private(set) var errorCount = 0
    /// The files, by name, for places inside scalars.
    let files: [String: PipelineFile]
    let interpolation: Interpolation
    /// The pipeline's own `processors:`, beside the built-in ones.
    public var processors: [String: ProcessorSpec] = [:]
    /// Where each of them is declared.
    var processorPlaces: [String: SourceLocation] = [:]
    /// False where the pipeline's positions are gone when the process ends.
    public internal(set) var keepsPositions = true
    /// Where the key of an empty or missing mapping stands: nodes alone do not know their keys.
    private var owners: [Mark: SourceLocation] = [:]

    /// `files` are those that the nodes come from: without them, places inside scalars are those of the scalars.
    public init(files: [PipelineFile] = [], interpolation: Interpolation = Interpolation()) {
        self.files = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
        self.interpolation = interpolation
    }

    /// Nobody reads more, and a generated file could make a million of them.
    static let diagnosticsAtMost = 1_000

    /// Takes note of what is wrong. Beyond a thousand diagnostics, only errors are counted.
    public mutating func report(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .error { errorCount += 1 }
        if diagnostics.count < Self.diagnosticsAtMost {
            diagnostics.append(diagnostic)
        } else if diagnostic.severity == .error, errorCount == 1 {
            // Behind nothing but warnings, the first error still has to be seen.
            diagnostics[diagnostics.count - 1] = diagnostic
        }
    }

    /// Reports an error at a node. The message must not contain an expanded value.
    public mutating func error(_ code: String, _ message: String, at node: YAMLNode, hint: String? = nil) {
        report(Diagnostic(code, message, at: node.mark.location, hint: hint))
    }

    /// Reports a warning at a node. The message must not contain an expanded value.
    public mutating func warning(_ code: String, _ message: String, at node: YAMLNode, hint: String? = nil) {
        report(Diagnostic(code, message, at: node.mark.location, severity: .warning, hint: hint))
    }

    /// Where a processor of the file's own is declared, to be shown beside what is wrong with its use.
    public func related(to processor: ProcessorSpec) -> [RelatedPlace] {
        processorPlaces[processor.name].map { [RelatedPlace("`\(processor.name)` is declared here", at: $0)] } ?? []
    }

    /// Reports a value of another type than the one that was asked for.
    public mutating func mismatch(_ node: YAMLNode, expected: String, hint: String? = nil) {
        error("wrong_type", "expected \(expected), found \(description(of: node))", at: node, hint: hint)
    }

    /// Reports a key that is not among the known ones.
    public mutating func unknownKey(_ key: YAMLKey, known: [String]) {
        // Once nobody will see the hint, there is no need to look for one.
        let known = diagnostics.count < Self.diagnosticsAtMost ? known : []
        report(
            Diagnostic(
                "unknown_key", "unknown key `\(key.text)`", at: key.mark.location,
                hint: known.isEmpty ? "no options are accepted here" : Suggestion.hint(for: key.text, among: known)))
    }

    /// The node in a few words for a message; an expanded value is never told.
    public func description(of node: YAMLNode) -> String {
        switch node.content {
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .scalar(let scalar):
            if Interpolation.isNeeded(by: scalar.text) { return "what \(Interpolation.quoted(scalar.text)) expands to" }
            switch scalar.resolved {
            case .null: return "nothing"
            case .bool: return "the boolean `\(scalar.text)`"
            case .int, .bigInteger, .double: return "the number `\(scalar.text)`"
            default: return "the text \(Self.excerpt(PlainSecrets.masked(scalar.text)))"
            }
        }
    }

    /// What a node was decoded to, in quotes; the node itself where it was expanded.
    func quoted(_ node: YAMLNode, part: String) -> String {
        guard let text = node.scalar?.text, Interpolation.isNeeded(by: text) else { return "`\(part)`" }
        return Interpolation.quoted(text)
    }

    private static func excerpt(_ text: String) -> String {
        let line = text.prefix { !$0.isNewline }
        return line.count < text.count || line.count > 40 ? "`\(line.prefix(40))…`" : "`\(line)`"
    }

    /// Remembers the key under which a mapping stands: what is missing from the mapping is reported at its key.
    public mutating func enter(_ pair: YAMLPair) {
        owners[pair.value.mark] = pair.key.mark.location
    }

    /// Where to say that a key is missing from a mapping.
    public func place(ofMissing node: YAMLNode) -> SourceLocation {
        owners[node.mark] ?? node.mark.location
    }
}

extension DecodingContext {
    /// A scalar with its `${…}` expanded.
    public struct ExpandedScalar: Sendable {
        /// After expansion.
        public var text: String
        /// The meaning under YAML 1.2; a quoted scalar is a string, unless an expansion made it.
        public var resolved: Value
        /// The text came from the environment or a file and must not be shown.
        public var isSecret: Bool
    }

    /// Expands a scalar; nil after an error was reported, which it is for anything but a scalar.
    public mutating func expand(_ node: YAMLNode, expected: String) -> ExpandedScalar? {
        guard let scalar = node.scalar else {
            mismatch(node, expected: expected)
            return nil
        }
        guard Interpolation.isNeeded(by: scalar.text) else {
            return ExpandedScalar(text: scalar.text, resolved: scalar.resolved, isSecret: false)
        }
        switch interpolation.expand(scalar.text) {
        case .success(let expansion):
            // In `{port: "${PORT}"}` the quotes are there for YAML's sake.
            let resolved = expansion.isSecret ? CoreSchema.resolve(expansion.text) : .string(expansion.text)
            return ExpandedScalar(text: expansion.text, resolved: resolved, isSecret: expansion.isSecret)
        case .failure(let failure):
            report(Diagnostic(failure.code, failure.message, at: location(of: failure.range, in: scalar, of: node), hint: failure.hint))
            return nil
        }
    }

    /// Where a range of the bytes of a scalar's text stands in the file; the scalar itself where its file is not known.
    public func location(of range: Range<Int>, in scalar: YAMLScalar, of node: YAMLNode) -> SourceLocation {
        guard let file = files[node.mark.file] else { return node.mark.location }
        return ScalarLayout(scalar, at: node.mark, in: file).location(of: range)
    }
}
