public import Pipeline

/// The faults that a fault file describes: rules and the seed from which every choice follows.
public struct FaultConfiguration: Sendable {
    let seed: UInt64
    let rules: [FaultRule]
    /// As it was read.
    let source: String

    /// Decodes a fault file. The value is nil where anything is wrong, and the diagnostics say what.
    public static func decode(
        _ file: PipelineFile, interpolation: Interpolation = Interpolation()
    ) -> (value: FaultConfiguration?, diagnostics: [Diagnostic]) {
        let (contents, diagnostics) = decodeConfiguration(file, as: FaultFile.self, interpolation: interpolation)
        let source = (1...file.lineCount).map(file.line).joined(separator: "\n")
        return (contents.map { FaultConfiguration(seed: UInt64($0.seed), rules: $0.faults, source: source) }, diagnostics)
    }

    /// Reads and decodes a fault file; `files` are for `DiagnosticRenderer`.
    public static func load(
        path: String, interpolation: Interpolation = Interpolation()
    ) -> (value: FaultConfiguration?, diagnostics: [Diagnostic], files: [PipelineFile]) {
        let (files, unreadable) = PipelineFileLoader.load([path])
        guard files.count == 1, let file = files.first else {
            let several = Diagnostic("unreadable_file", "`\(path)` is a folder", at: nil)
            return (nil, unreadable.isEmpty ? [several] : unreadable, files)
        }
        let (value, diagnostics) = decode(file, interpolation: interpolation)
        return (value, unreadable + diagnostics, files)
    }
}

/// What a fault file holds.
private struct FaultFile: ComponentConfig {
    var seed = 0
    var faults: [FaultRule] = []

    static let expectation = "a mapping of `seed` and `faults`"
    static let fields: [Field<FaultFile>] = [
        Field("seed", \.seed, "The same seed, rules and requests give the same faults"),
        Field("faults", \.faults, required: true, "Rules, each with an effect of its own"),
    ]

    func validate(_ node: YAMLNode, in context: inout DecodingContext) {
        if seed < 0, let place = node["seed"] { context.error("invalid_value", "expected a seed from 0 on", at: place) }
    }
}
