/// Decodes a file of one document that is no pipeline, by the same rules and with the same diagnostics.
///
/// The value is nil where anything is wrong; warnings alone leave it there.
public func decodeConfiguration<Root: ConfigValue>(
    _ file: PipelineFile, as root: Root.Type, interpolation: Interpolation = Interpolation()
) -> (value: Root?, diagnostics: [Diagnostic]) {
    var context = DecodingContext(files: [file], interpolation: interpolation)
    if let problem = file.encodingProblem { return (nil, [problem]) }
    let stream = YAMLStream(file)
    for diagnostic in stream.diagnostics { context.report(diagnostic) }
    let documents = stream.documents
    if documents.count > 1 {
        context.error("several_documents", "only one document is accepted here", at: documents[1].root)
    }
    let start = Mark(file: file.name, line: 1, column: 1, endLine: 1, endColumn: 1)
    let empty = YAMLNode(.mapping([]), mark: start)
    // Without a document there is nothing to decode; after a syntax error that has been said already.
    let value = stream.diagnostics.isEmpty || !documents.isEmpty ? Root.decode(documents.first?.root ?? empty, in: &context) : nil
    return (context.errorCount == 0 ? value : nil, context.diagnostics)
}
