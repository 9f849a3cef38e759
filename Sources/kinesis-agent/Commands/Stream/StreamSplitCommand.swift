import ArgumentParser
import Coordination
import Kinesis
import Records

struct StreamSplitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Splits a shard in two and waits until the stream is active again.",
        discussion: "Prints the ids of the new shards.")

    @OptionGroup var access: StreamAccess
    @OptionGroup var target: StreamArgument

    @Argument(help: "The shard's id. Default: the open shard with the widest range of hash keys.")
    var shard: String?

    @Option(help: ArgumentHelp("The hash key that the upper shard begins at. Default: the middle.", valueName: "hash-key"))
    var at: String?

    func validate() throws {
        if let at, HashKey(at) == nil { throw ValidationError("--at is a number below 2^128") }
    }

    func run() async throws {
        try await access.withClient { client, _ in
            let parent = try Resharding.openShard(shard, of: try await client.listShards(target.stream))
            let range = parent.hashRange
            guard range.start < range.end else {
                throw Failure("shard_too_narrow", "\(parent.id) holds one hash key and cannot be split")
            }
            let middle = range.start + (range.end - range.start) / 2 + 1
            try await client.splitShard(target.stream, shard: parent.id, newStartingHashKey: at.flatMap { HashKey($0) } ?? middle)
            try await Resharding.waitUntilActive(client, target.stream)
            try await Resharding.printChildren(of: [parent.id], client, target.stream)
        }
    }
}
