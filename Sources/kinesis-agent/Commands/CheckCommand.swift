import Agent
import ArgumentParser
import Glibc
import Pipeline

struct CheckCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, sarif, github
    }

    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reports everything that is wrong with pipeline files, with its place; without `--online` it touches no network.",
        discussion: "Ends with 78 where anything is wrong; warnings alone are fine.")

    @OptionGroup var pipelines: PipelineArguments

    @Option(help: "text to stderr, or to stdout: json, sarif (code scanning), github (workflow commands).")
    var format = Format.text

    @Flag(help: "Also try what the files name: credentials, streams, the checkpoint store.")
    var online = false

    @OptionGroup var log: LogOptions

    func run() async throws {
        var result = pipelines.result
        if online {
            for plan in result.plans { result.diagnostics += await OnlineCheck(plan, logger: log.logger()).diagnostics() }
        }
        switch format {
        case .text:
            DiagnosticOutput.write(result.diagnostics, files: result.files)
            if !result.hasErrors { try StandardOutput.write(result.plans.map(Self.summary).joined()) }
        case .json: try StandardOutput.write(json: JSONReport.value(result))
        case .sarif:
            try StandardOutput.write(json: SARIFReport.value(result.diagnostics, version: KinesisAgent.configuration.version))
        case .github: try StandardOutput.write(GitHubReport.text(result.diagnostics))
        }
        if result.hasErrors { throw ExitCode(EX_CONFIG) }
    }

    private static func summary(_ plan: Plan) -> String {
        let counts = [(plan.sources.count, "source"), (plan.transforms.count, "transform"), (plan.sinks.count, "sink")]
        return "\(plan.name): ok (\(counts.map { "\($0) \($1)\($0 == 1 ? "" : "s")" }.joined(separator: ", ")))\n"
    }
}
