import Agent
import ArgumentParser
import Logging
import Pipeline
import Records

/// Whose positions a `checkpoints` command is about.
struct CheckpointsAccess: ParsableArguments {
    @Option(help: "The state folder, where positions are kept in SQLite. Default: KINESIS_AGENT_STATE, else ~/.local/state/kinesis-agent.")
    var state: String?

    /// Runs `body` with the positions of each pipeline; what fails is told and ends the command with 1.
    func withCheckpoints(of plans: [Plan], _ body: (Plan, PipelineCheckpoints) async throws -> Void) async throws {
        // Only what goes wrong is worth a line beside the data.
        var logger = LogOptions.parseOrExit([]).logger()
        logger.logLevel = max(logger.logLevel, .warning)
        do {
            for plan in plans {
                let folder = state ?? StateFolder.path(environment: ProcessEnvironment.all)
                let checkpoints = try await PipelineCheckpoints.open(plan, stateFolder: folder, logger: logger)
                do {
                    try await body(plan, checkpoints)
                } catch {
                    await checkpoints.close()
                    throw error
                }
                await checkpoints.close()
            }
        } catch {
            throw Termination.report(error)
        }
    }
}

/// The one pipeline of a command that changes something.
struct OnePipeline: ParsableArguments {
    @Argument(help: ArgumentHelp("The pipeline file.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
    var file: String

    @Option(help: "The pipeline, where the file holds several.")
    var pipeline: String?

    func compile() throws -> Plan {
        var files = PipelineArguments()
        files.files = [file]
        let plans = try files.compile().filter { pipeline == nil || $0.name == pipeline }
        guard let plan = plans.first, plans.count == 1 else {
            throw ValidationError(
                plans.isEmpty ? "the file holds no such pipeline" : "the file holds several pipelines: say which, --pipeline")
        }
        return plan
    }
}

/// How rows are printed.
enum CheckpointFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}
