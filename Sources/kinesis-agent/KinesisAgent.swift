import ArgumentParser

@main
struct KinesisAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "kinesis-agent")
}
