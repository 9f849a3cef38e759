import Agent
import ArgumentParser
import Leasing
import Logging
import Pipeline
import Records

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs pipelines until a signal, or until their sources end.",
        discussion: "SIGTERM and SIGINT drain: stop reading, deliver what was read, store positions, give shards back. A second one aborts."
    )

    @OptionGroup var pipelines: PipelineArguments
    @OptionGroup var log: LogOptions

    @Flag(help: "Kinesis nodes without an endpoint use the embedded stream.")
    var embedded = false

    @Flag(help: "Check and explain the pipelines, and end.")
    var dryRun = false

    @Option(help: "End once nothing has arrived for so long and all is acknowledged: 3s.", transform: duration)
    var untilIdle: Duration?

    @Option(help: "The folder for positions and the embedded stream. Default: KINESIS_AGENT_STATE, else ~/.local/state/kinesis-agent.")
    var state: String?

    func run() async throws {
        let logger = log.logger()
        let environment = ProcessEnvironment.all
        let plans = try pipelines.compile()
        if dryRun { return try StandardOutput.write(plans.map { Explanation($0).text }.joined(separator: "\n")) }
        var options = RunOptions(stateFolder: state ?? StateFolder.path(environment: environment))
        options.isEmbedded = embedded
        options.untilIdle = untilIdle
        let run = AgentRun(plans, options: options, logger: logger)
        try await Termination.drainingOnSignals(logger) { draining in
            try await run.run(until: draining)
        }
    }
}

/// For options that take a duration.
func duration(_ text: String) throws -> Duration {
    guard let duration = Duration(text: text) else { throw ValidationError("expected a duration such as 500ms or 3s, found `\(text)`") }
    return duration
}
