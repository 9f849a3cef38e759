import Agent
import ArgumentParser
import Glibc
import Pipeline

/// The pipeline files of a command.
struct PipelineArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("Pipeline files, or folders of them.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
    var files: [String]

    /// The plans. Diagnostics go to stderr; errors end the command with 78 (`EX_CONFIG` of sysexits.h).
    func compile() throws -> [Plan] {
        let result = compilePipelines(paths: files, catalogue: .agent)
        if !result.diagnostics.isEmpty {
            StandardError.write(
                DiagnosticRenderer(files: result.files, usesColor: StandardError.usesColor).render(result.diagnostics))
        }
        if result.hasErrors {
            let count = result.diagnostics.count { $0.severity == .error }
            StandardError.write("\(count) \(count == 1 ? "error" : "errors")\n")
            throw ExitCode(EX_CONFIG)
        }
        return result.plans
    }
}
