import ArgumentParser

struct StreamCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stream", abstract: "The everyday work on streams.",
        subcommands: [
            StreamListCommand.self, StreamDescribeCommand.self, StreamCreateCommand.self, StreamDeleteCommand.self, StreamPutCommand.self,
            StreamTailCommand.self, StreamSplitCommand.self, StreamMergeCommand.self,
        ])
}
