import ArgumentParser
import Kinesis

struct StreamDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Deletes a stream and everything in it.")

    @OptionGroup var access: StreamAccess
    @OptionGroup var target: StreamArgument

    func run() async throws {
        try await access.withClient { client, _ in try await client.deleteStream(target.stream) }
    }
}
