/// What became of a set of pipeline files.
public struct CompilationResult: Sendable {
    /// The pipelines without errors, in the order of the files.
    public var plans: [Plan]
    /// Sorted by place.
    public var diagnostics: [Diagnostic]
    /// For `DiagnosticRenderer`.
    public var files: [PipelineFile]

    /// Warnings do not count.
    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Compiles pipeline files into plans; everything that is wrong with any of them is reported.
///
/// Nothing is read but what `interpolation` reads.
public func compilePipelines(
    files: [PipelineFile], catalogue: Catalogue, interpolation: Interpolation = Interpolation()
) -> CompilationResult {
    var context = DecodingContext(files: files, interpolation: interpolation)
    var compiled: [CompiledDocument] = []
    for file in files {
        if let problem = file.encodingProblem {
            context.report(problem)
            continue
        }
        let stream = YAMLStream(file)
        for diagnostic in stream.diagnostics { context.report(diagnostic) }
        if stream.documents.isEmpty, stream.diagnostics.isEmpty {
            context.report(
                Diagnostic(
                    "empty_file", "there is no pipeline in this file", at: SourceLocation(file: file.name, line: 1, column: 1),
                    hint: "`kinesis-agent init` writes one to start from"))
        }
        for document in stream.documents {
            var result = DocumentCompiler.compile(document.root, catalogue: catalogue, in: &context)
            if !document.isSound { result.plan = nil }
            compiled.append(result)
        }
    }
    reportRepeatedNames(compiled, in: &context)
    let order = Dictionary(files.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
    return CompilationResult(plans: compiled.compactMap(\.plan), diagnostics: sorted(context.diagnostics, order), files: files)
}

/// Two pipelines of one name would share their checkpoints.
private func reportRepeatedNames(_ compiled: [CompiledDocument], in context: inout DecodingContext) {
    var first: [String: Mark] = [:]
    for case let name? in compiled.map(\.name) {
        guard let earlier = first[name.text] else {
            first[name.text] = name.mark
            continue
        }
        context.report(
            Diagnostic(
                "duplicate_pipeline", "another pipeline has this name already", at: name.mark.location,
                hint: "checkpoints and leases go by the name", related: [RelatedPlace("first here", at: earlier.location)]))
    }
}

/// By file, in the order given, then by place; what has no place comes first.
private func sorted(_ diagnostics: [Diagnostic], _ order: [String: Int]) -> [Diagnostic] {
    func key(_ entry: (offset: Int, element: Diagnostic)) -> (Int, Int, Int, Int) {
        guard let location = entry.element.location else { return (-1, 0, 0, entry.offset) }
        return (order[location.file] ?? .max, location.line, location.column, entry.offset)
    }
    return diagnostics.enumerated().sorted { key($0) < key($1) }.map(\.element)
}

extension PipelineFile {
    /// Where the file is no UTF-8.
    var encodingProblem: Diagnostic? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        scan: while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .emptyInput, .error: break scan
            }
        }
        let (line, column) = position(of: offset)
        return Diagnostic(
            "not_utf8", "the file is not UTF-8 from here on", at: SourceLocation(file: name, line: line, column: column),
            hint: "save it as UTF-8")
    }
}
