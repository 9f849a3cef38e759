import Agent
import ArgumentParser

struct CheckpointsExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Prints all positions of a pipeline, a JSON object a line, for `checkpoints import`.")

    @OptionGroup var target: OnePipeline
    @OptionGroup var access: CheckpointsAccess

    func run() async throws {
        try await access.withCheckpoints(of: [try target.compile()]) { _, checkpoints in
            try await checkpoints.export { try StandardOutput.write($0) }
        }
    }
}
