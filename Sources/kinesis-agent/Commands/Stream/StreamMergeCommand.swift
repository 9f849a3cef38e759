import ArgumentParser
import Coordination
import Kinesis
import Records

struct StreamMergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Merges two shards and waits until the stream is active again.",
        discussion: "Prints the id of the new shard.")

    @OptionGroup var access: StreamAccess
    @OptionGroup var target: StreamArgument

    @Argument(help: "The first shard's id.")
    var shard: String

    @Argument(help: "The other shard's id. Default: the open shard whose hash keys follow, or else precede, those of the first.")
    var adjacent: String?

    func run() async throws {
        try await access.withClient { client, _ in
            let shards = try await client.listShards(target.stream)
            let first = try Resharding.openShard(shard, of: shards)
            let second = try adjacent.map { try Resharding.openShard($0, of: shards) } ?? Resharding.neighbor(of: first, in: shards)
            try await client.mergeShards(target.stream, first.id, with: second.id)
            try await Resharding.waitUntilActive(client, target.stream)
            try await Resharding.printChildren(of: [first.id, second.id], client, target.stream)
        }
    }
}

/// What the commands that change shards have in common.
enum Resharding {
    /// The open shard of this id; without one, the open shard with the widest range, the first of several.
    static func openShard(_ id: String?, of shards: [Shard]) throws -> Shard {
        guard let id else {
            let open = shards.filter { !$0.isClosed }
            guard let widest = open.map({ $0.hashRange.end - $0.hashRange.start }).max(),
                let shard = open.first(where: { $0.hashRange.end - $0.hashRange.start == widest })
            else { throw Failure("shard_unknown", "the stream has no open shard") }
            return shard
        }
        guard let shard = shards.first(where: { $0.id == id }) else {
            throw Failure("shard_unknown", "the stream has no shard \(id)", hint: "See `kinesis-agent stream describe`")
        }
        guard !shard.isClosed else {
            throw Failure("shard_closed", "\(id) is closed: it was split or merged before", hint: "See `kinesis-agent stream describe`")
        }
        return shard
    }

    static func neighbor(of shard: Shard, in shards: [Shard]) throws -> Shard {
        let open = shards.filter { !$0.isClosed }
        if shard.hashRange.end < .max, let next = open.first(where: { $0.hashRange.start == shard.hashRange.end + 1 }) { return next }
        if shard.hashRange.start > 0, let previous = open.first(where: { $0.hashRange.end == shard.hashRange.start - 1 }) {
            return previous
        }
        throw Failure("shard_alone", "\(shard.id) is the stream's only open shard: there is nothing to merge it with")
    }

    /// Five minutes at most. The shards are there at once, but can be changed again only when the stream is no longer UPDATING.
    static func waitUntilActive(_ client: KinesisClient, _ stream: StreamIdentifier) async throws {
        let deadline = ContinuousClock.now + .seconds(300)
        while try await client.describeStreamSummary(stream).status != .active {
            guard ContinuousClock.now < deadline else {
                throw Failure("stream_not_active", "the stream \(stream.name) has not become active in five minutes")
            }
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    static func printChildren(of parents: [String], _ client: KinesisClient, _ stream: StreamIdentifier) async throws {
        for shard in try await client.listShards(stream) where shard.parents == parents || shard.parents == parents.reversed() {
            try StandardOutput.write(shard.id + "\n")
        }
    }
}
