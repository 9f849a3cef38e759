import Agent
import ArgumentParser
import Glibc
import Pipeline

/// The pipeline files of a command.
struct PipelineArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("Pipeline files, or folders of them.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    /// Everything that became of the files.
    var result: CompilationResult { compilePipelines(paths: files, catalogue: .agent) }

    /// The plans. Diagnostics go to stderr; errors end the command with 78 (`EX_CONFIG` of sysexits.h).
    func compile() throws -> [Plan] {
        let result = result
        DiagnosticOutput.write(result.diagnostics, files: result.files)
        if result.hasErrors { throw ExitCode(EX_CONFIG) }
        return result.plans
    }
}

/// Diagnostics for the person at the terminal.
enum DiagnosticOutput {
    /// To stderr, with their number.
    static func write(_ diagnostics: [Diagnostic], files: [PipelineFile]) {
        guard !diagnostics.isEmpty else { return }
        StandardError.write(DiagnosticRenderer(files: files, usesColor: StandardError.usesColor).render(diagnostics))
        let errors = diagnostics.count { $0.severity == .error }
        let counts = [(errors, "error"), (diagnostics.count - errors, "warning")].filter { $0.0 > 0 }
        StandardError.write("\n" + counts.map { "\($0) \($1)\($0 == 1 ? "" : "s")" }.joined(separator: ", ") + "\n")
    }
}
