import ArgumentParser
import Kinesis

struct StreamCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Creates a stream and waits until it is active.")

    @OptionGroup var access: StreamAccess
    @OptionGroup var target: StreamArgument

    @Option(help: "How many shards it has.")
    var shards = 1

    func validate() throws {
        if shards < 1 { throw ValidationError("--shards is at least 1") }
    }

    func run() async throws {
        try await access.withClient { client, _ in
            try await client.createStream(target.stream.name, shards: shards)
            try await client.waitUntilUsable(target.stream)
        }
    }
}
