import Agent
import ArgumentParser
import Coordination
import Records

struct CheckpointsSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Sets the position of a shard, also backwards.",
        discussion: "A shard that an agent reads is left alone, unless --force says otherwise: that agent then stops reading it.")

    @OptionGroup var target: OnePipeline
    @Argument(help: "The shard's id.")
    var shard: String

    @Argument(
        help: "A sequence number that is done, TRIM_HORIZON, SHARD_END, or 'AT_TIMESTAMP 2026-01-02T03:04:05Z'.", transform: Self.position)
    var position: Position

    @Option(help: "The stream, where several have such a shard.")
    var source: String?

    @Flag(help: "Also where an agent reads the shard.")
    var force = false

    @OptionGroup var access: CheckpointsAccess

    func run() async throws {
        try await access.withCheckpoints(of: [try target.compile()]) { _, checkpoints in
            // Only a shard that is known: a typing error would make a row that nobody ever reads.
            let (scope, lease) = try await checkpoints.row(shard, in: source)
            try await checkpoints.set([NewLease(shard: shard, position: position)], in: scope, force: force)
            try StandardOutput.write("\(scope) \(shard): \(lease.position.text) -> \(position.text)\n")
        }
    }

    private static func position(_ text: String) throws -> Position {
        guard let position = Position(text: text) else { throw ValidationError("`\(text)` is no position") }
        return position
    }
}
