import Coordination
import GRDB

/// Reads the streams and shards when the database is opened.
enum SQLiteLoader {
    /// A row that no version of ours has written.
    struct CorruptRow: Error {
        var table: String
        var id: Int64
    }

    static func load(from database: Database) throws -> StoredState {
        var shards: [Int64: [ShardState]] = [:]
        for row in try Row.fetchAll(database, sql: "SELECT * FROM shards ORDER BY id") {
            shards[row["stream"], default: []].append(try shard(row, from: database))
        }
        let streams = try Row.fetchAll(database, sql: "SELECT * FROM streams ORDER BY id").map { row in
            try stream(row, shards: shards[row["id"]] ?? [])
        }
        return StoredState(
            streams: streams, nextStreamID: try nextID("streams", in: database), nextShardKey: try nextID("shards", in: database))
    }

    private static func nextID(_ table: String, in database: Database) throws -> Int64 {
        (try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = ?", arguments: [table]) ?? 0) + 1
    }

    private static func stream(_ row: Row, shards: [ShardState]) throws -> StreamState {
        guard let mode = StreamMode(rawValue: row["mode"]), let change = StreamStatus(rawValue: row["change"]) else {
            throw CorruptRow(table: "streams", id: row["id"])
        }
        let (settings, consumers) = try SettingsText.read(row["settings"])
        return StreamState(
            id: row["id"], name: row["name"], createdAt: row["created_at"], mode: mode,
            retentionMilliseconds: row["retention_milliseconds"],
            recordKibibytes: row["record_kibibytes"], change: change, settlesAt: row["settles_at"], nextShardIndex: row["next_shard_index"],
            settings: settings, consumers: consumers, shards: shards)
    }

    private static func shard(_ row: Row, from database: Database) throws -> ShardState {
        let id: Int64 = row["id"]
        guard let start = HashKey(row["starting_hash_key"] as String), let end = HashKey(row["ending_hash_key"] as String), start <= end
        else {
            throw CorruptRow(table: "shards", id: id)
        }
        var shard = ShardState(
            key: id, index: row["shard_index"], parentIndex: row["parent_index"], adjacentParentIndex: row["adjacent_parent_index"],
            hashRange: HashRange(start: start, end: end), createdAt: row["created_at"], nextCounter: row["next_counter"],
            lastArrival: row["last_arrival"])
        if let closedAt = row["closed_at"] as Int64?, let endingCounter = row["ending_counter"] as Int64? {
            // It is in the database, and so is every record before it.
            shard.closure = .init(closedAt: closedAt, endingCounter: endingCounter, isSealed: true)
        }
        let reader = SQLiteReader(database: database)
        let afterLast = try reader.counter(shard: id, arrivedAtOrAfter: .max)
        shard.nextCounter = max(shard.nextCounter, afterLast)
        let last = try reader.records(shard: id, from: max(0, afterLast - 1), limit: 1, byteLimit: 0).records.last
        shard.lastArrival = max(shard.lastArrival, last?.arrivedAt ?? 0)
        return shard
    }
}
