import ArgumentParser

struct CheckpointsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoints", abstract: "Shows and changes the positions of pipelines.",
        subcommands: [
            CheckpointsListCommand.self, CheckpointsShowCommand.self, CheckpointsSetCommand.self, CheckpointsExportCommand.self,
            CheckpointsImportCommand.self,
        ])
}
