import Coordination
import Foundation
import GRDB

/// Writes changes inside a transaction.
struct SQLiteWriter {
    let database: Database

    func apply(_ change: StoreChange) throws {
        switch change {
        case .append(let records):
            let statement = try database.cachedStatement(
                sql: "INSERT INTO records(row, arrived_at, partition_key, data) VALUES (?, ?, ?, ?)")
            for record in records {
                let row = SQLiteSchema.row(shard: record.shard, counter: record.counter)
                try statement.execute(arguments: [row, record.arrivedAt, record.partitionKey, Data(record.data)])
            }
        case .saveStream(let stream):
            try save(stream)
        case .saveShards(let shards, let stream):
            for shard in shards { try save(shard, of: stream) }
        case .deleteStream(let id, let shards):
            try database.execute(sql: "DELETE FROM streams WHERE id = ?", arguments: [id])
            try drop(shards)
        case .dropShards(let shards):
            try drop(shards)
        case .trim(let shard, let moment):
            try trim(shard, arrivedBefore: moment)
        }
    }

    private func save(_ stream: StreamState) throws {
        try database.execute(
            sql: """
                INSERT INTO streams(id, name, created_at, mode, retention_milliseconds, record_kibibytes, change, settles_at, next_shard_index,
                    settings)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(id) DO UPDATE SET mode = excluded.mode, retention_milliseconds = excluded.retention_milliseconds,
                    record_kibibytes = excluded.record_kibibytes, change = excluded.change, settles_at = excluded.settles_at,
                    next_shard_index = excluded.next_shard_index, settings = excluded.settings
                """,
            arguments: [
                stream.id, stream.name, stream.createdAt, stream.mode.rawValue, stream.retentionMilliseconds, stream.recordKibibytes,
                stream.change.rawValue, stream.settlesAt, stream.nextShardIndex, try SettingsText.write(stream),
            ])
    }

    private func save(_ shard: ShardState, of stream: Int64) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO shards(id, stream, shard_index, parent_index, adjacent_parent_index, starting_hash_key, ending_hash_key, created_at,
                    closed_at, ending_counter, next_counter, last_arrival)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(id) DO UPDATE SET closed_at = excluded.closed_at, ending_counter = excluded.ending_counter,
                    next_counter = excluded.next_counter, last_arrival = excluded.last_arrival
                """)
        try statement.execute(arguments: [
            shard.key, stream, shard.index, shard.parentIndex, shard.adjacentParentIndex, String(shard.hashRange.start),
            String(shard.hashRange.end), shard.createdAt, shard.closure?.closedAt, shard.closure?.endingCounter, shard.nextCounter,
            shard.lastArrival,
        ])
    }

    /// The shards are gone at once, and so are their records if they are few. Otherwise those, which nothing names any more, go in slices.
    private func drop(_ shards: [Int64]) throws {
        for shard in shards {
            try database.execute(sql: "DELETE FROM shards WHERE id = ?", arguments: [shard])
            try database.execute(sql: "INSERT OR IGNORE INTO dropped_shards(id) VALUES (?)", arguments: [shard])
        }
        for _ in 0..<Self.slicesAtOnce where try !sweep() { return }
    }

    private static let slicesAtOnce = 4

    /// Deletes records of dropped shards, a slice of them at a time so that nobody waits long. Answers whether some may be left.
    func sweep() throws -> Bool {
        guard let shard = try Int64.fetchOne(database.cachedStatement(sql: "SELECT id FROM dropped_shards ORDER BY id LIMIT 1")) else {
            return false
        }
        let range = [SQLiteSchema.row(shard: shard, counter: 0), SQLiteSchema.row(shard: shard + 1, counter: 0)]
        let last = try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT row FROM records WHERE row >= ? AND row < ? ORDER BY row LIMIT 1 OFFSET ?"),
            arguments: [range[0], range[1], Self.sweptRecords])
        try database.execute(sql: "DELETE FROM records WHERE row >= ? AND row < ?", arguments: [range[0], last ?? range[1]])
        if last == nil { try database.execute(sql: "DELETE FROM dropped_shards WHERE id = ?", arguments: [shard]) }
        return true
    }

    private static let sweptRecords = 1_000

    private func trim(_ shard: Int64, arrivedBefore moment: Int64) throws {
        let reader = SQLiteReader(database: database)
        let first = try reader.records(shard: shard, from: 0, limit: 1, byteLimit: 0).records.first
        guard let first, first.arrivedAt < moment else { return }
        let cut = try reader.counter(shard: shard, arrivedAtOrAfter: moment)
        // The last record tells where to go on after a restart; once it may be gone, the shard's own row must.
        try database.execute(sql: "UPDATE shards SET next_counter = max(next_counter, ?) WHERE id = ?", arguments: [cut, shard])
        try deleteRecords(of: shard, before: cut)
    }

    private func deleteRecords(of shard: Int64, before counter: Int64) throws {
        try database.execute(
            sql: "DELETE FROM records WHERE row >= ? AND row < ?",
            arguments: [SQLiteSchema.row(shard: shard, counter: 0), SQLiteSchema.row(shard: shard, counter: 0) + counter])
    }
}
