import ArgumentParser
import Coordination
import JSON
import Kinesis
import OrderedCollections
import Records

struct StreamDescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "describe", abstract: "Prints a stream and its shards as JSON.")

    @OptionGroup var access: StreamAccess
    @OptionGroup var target: StreamArgument

    func run() async throws {
        try await access.withClient { client, _ in
            let summary = try await client.describeStreamSummary(target.stream)
            let shards = try await client.listShards(target.stream)
            StandardOutput.write(try JSON.bytes(Self.value(summary, shards), style: .compact) + [UInt8(ascii: "\n")])
        }
    }

    private static func value(_ summary: StreamSummary, _ shards: [Shard]) -> Value {
        .map([
            "name": .string(summary.name), "arn": .string(summary.arn), "status": .string(summary.status?.rawValue ?? "UNKNOWN"),
            "retention_hours": .int(Int64(summary.retentionHours)), "open_shards": .int(Int64(shards.count { !$0.isClosed })),
            "shards": .list(shards.map(value)),
        ])
    }

    private static func value(_ shard: Shard) -> Value {
        var map: ValueMap = ["id": .string(shard.id), "status": .string(shard.isClosed ? "CLOSED" : "OPEN")]
        if !shard.parents.isEmpty { map["parents"] = .list(shard.parents.map { .string($0) }) }
        map["first_hash_key"] = .string("\(shard.hashRange.start)")
        map["last_hash_key"] = .string("\(shard.hashRange.end)")
        return .map(map)
    }
}
