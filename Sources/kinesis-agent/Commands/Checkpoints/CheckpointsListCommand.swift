import Agent
import ArgumentParser
import Coordination
import JSON
import Pipeline
import Records

struct CheckpointsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists how far each shard of each source is, and who reads it.")

    @OptionGroup var pipelines: PipelineArguments
    @OptionGroup var access: CheckpointsAccess

    @Option(help: "table, or json: one object a line.")
    var format = CheckpointFormat.table

    func run() async throws {
        var rows: [CheckpointRow] = []
        try await access.withCheckpoints(of: try pipelines.compile()) { plan, checkpoints in
            for scope in try await checkpoints.scopes() {
                rows += try await checkpoints.leases(scope).map { CheckpointRow(pipeline: plan.name, scope: scope, lease: $0) }
            }
        }
        switch format {
        case .json:
            for row in rows { try StandardOutput.write(try JSON.bytes(row.value, style: .compact) + [UInt8(ascii: "\n")]) }
        case .table:
            let header = ["PIPELINE", "SOURCE", "SHARD", "POSITION", "OWNER", "LEFT"]
            try StandardOutput.write(TextTable([header] + rows.map(\.cells)).text)
        }
    }
}
