import ArgumentParser
import Kinesis

struct StreamListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Prints the names of all streams.")

    @OptionGroup var access: StreamAccess

    func run() async throws {
        try await access.withClient { client, _ in
            for name in try await client.listStreams() { StandardOutput.write(name + "\n") }
        }
    }
}
