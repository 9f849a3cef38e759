import Agent
import ArgumentParser
import JSON
import OrderedCollections
import Pipeline
import Records

struct CheckpointsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Prints everything that is stored of one shard.")

    @OptionGroup var target: OnePipeline
    @Argument(help: "The shard's id.")
    var shard: String

    @Option(help: "The stream, where several have such a shard.")
    var source: String?

    @OptionGroup var access: CheckpointsAccess

    @Option(help: "table, or json: one object.")
    var format = CheckpointFormat.table

    func run() async throws {
        try await access.withCheckpoints(of: [try target.compile()]) { plan, checkpoints in
            let (scope, lease) = try await checkpoints.row(shard, in: source)
            let row = CheckpointRow(pipeline: plan.name, scope: scope, lease: lease)
            let json = try JSON.bytes(row.value, style: .compact)
            guard format == .table, case .map(let fields) = row.value else { return try StandardOutput.write(json + [UInt8(ascii: "\n")]) }
            try StandardOutput.write(TextTable(fields.map { [$0.key, Self.text($0.value)] }).text)
        }
    }

    private static func text(_ value: Value) -> String {
        switch value {
        case .string(let text): text
        case .list(let elements): elements.map(text).joined(separator: ", ")
        case .int(let number): String(number)
        case .double(let number): String(number)
        default: ""
        }
    }
}
