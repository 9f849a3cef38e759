import Agent
import ArgumentParser
import Checkpoints
import Records

struct CheckpointsImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Sets the positions that `checkpoints export` has printed, from stdin.",
        discussion: """
            With --from-async-kinesis it takes over those of consumers of async-kinesis, from the Redis that --redis names, or REDIS_HOST and \
            the other variables of async-kinesis. Shards that somebody reads are left alone, unless --force says otherwise.
            """)

    @OptionGroup var target: OnePipeline

    @Option(help: ArgumentHelp("The name of the RedisCheckPointer of async-kinesis whose positions to take over.", valueName: "name"))
    var fromAsyncKinesis: String?

    @Option(help: "The Redis of async-kinesis: redis://user:password@host:port/db. Default: what REDIS_HOST and the others say.")
    var redis: String?

    @Option(help: "The stream that the consumers of async-kinesis read, where the pipeline reads several.")
    var source: String?

    @Flag(help: "Also where an agent or a consumer reads a shard.")
    var force = false

    @OptionGroup var access: CheckpointsAccess

    func validate() throws {
        if fromAsyncKinesis == nil, redis != nil || source != nil {
            throw ValidationError("--redis and --source go with --from-async-kinesis")
        }
    }

    func run() async throws {
        let plan = try target.compile()
        try await access.withCheckpoints(of: [plan]) { _, checkpoints in
            let count: Int
            if let name = fromAsyncKinesis {
                let url = redis ?? RedisConfiguration.url(from: ProcessEnvironment.all, isCluster: false)
                count = try await checkpoints.importFromAsyncKinesis(name: name, url: url, source: source, force: force)
            } else {
                // All are read before any is set.
                count = try await checkpoints.restore(try Self.lines(), force: force)
            }
            try StandardOutput.write("\(count) \(count == 1 ? "position" : "positions") set\n")
        }
    }

    private static func lines() throws -> [CheckpointLine] {
        var lines: [CheckpointLine] = []
        var number = 0
        while let line = readLine() {
            number += 1
            guard !line.isEmpty else { continue }
            lines.append(try CheckpointLine(json: Array(line.utf8), line: number))
        }
        return lines
    }
}
