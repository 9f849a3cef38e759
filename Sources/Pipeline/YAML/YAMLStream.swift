/// A document of a file.
struct YAMLDocument {
    var root: YAMLNode
    /// Nothing was wrong with it as YAML.
    var isSound: Bool
}

/// The documents of a file, and what is wrong with them as YAML.
struct YAMLStream {
    /// Those that are worth compiling, in order; a document without any content is left out.
    var documents: [YAMLDocument] = []
    var diagnostics: [Diagnostic] = []

    /// Reads all documents; those before a syntax error are kept.
    init(_ file: PipelineFile, limits: YAMLLimits = YAMLLimits()) {
        guard file.bytes.count <= limits.bytes else {
            diagnostics.append(.tooLarge(file.name, limit: limits.bytes))
            return
        }
        var parser = YAMLEventParser(file)
        var composer = YAMLComposer(limits: limits)
        do throws(YAMLSyntaxError) {
            while !composer.isFinished {
                let event = try parser.next()
                composer.take(event)
            }
        } catch {
            composer.diagnostics.append(error.diagnostic(in: file))
        }
        documents = composer.documents
        diagnostics = composer.diagnostics
    }
}

extension Diagnostic {
    static func tooLarge(_ file: String, limit: Int) -> Diagnostic {
        Diagnostic("file_too_large", "`\(file)` is larger than \(limit >> 20) MiB, which no pipeline file is", at: nil)
    }
}
