import ArgumentParser

@main
struct KinesisAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kinesis-agent",
        abstract: "Moves data through Kinesis without losing, reordering or babysitting it.",
        version: "0.1.0",
        subcommands: [
            RunCommand.self, CheckCommand.self, ExplainCommand.self, TestCommand.self, InitCommand.self, ListCommand.self,
            SchemaCommand.self,
            CheckpointsCommand.self, StreamCommand.self, EmulatorCommand.self, CompletionsCommand.self, ReferenceCommand.self,
        ])

    static func main() async {
        MemoryReturn.prepare()
        await main(nil)
    }
}
