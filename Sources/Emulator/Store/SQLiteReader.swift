import Foundation
import GRDB

/// Reads records of one shard.
struct SQLiteReader {
    let database: Database

    func records(shard: Int64, from counter: Int64, limit: Int, byteLimit: Int) throws -> RecordPage {
        let statement = try database.cachedStatement(
            sql: "SELECT row, arrived_at, partition_key, data FROM records WHERE row >= ? AND row < ? ORDER BY row LIMIT ?")
        let (start, end) = (SQLiteSchema.row(shard: shard, counter: counter), SQLiteSchema.row(shard: shard + 1, counter: 0))
        // One more than asked for tells whether there is more.
        let rows = try Row.fetchCursor(statement, arguments: [start, end, limit + 1])
        var page = RecordPage(records: [], hasMore: false)
        var bytes = 0
        while let row = try rows.next() {
            let record = StoredRecord(
                shard: shard, counter: SQLiteSchema.counter(row: row[0]), arrivedAt: row[1], partitionKey: row[2],
                data: try row.withUnsafeData(atIndex: 3) { data in data.map { [UInt8]($0) } ?? [] })
            bytes += record.byteCount
            if page.records.count == limit || (bytes > byteLimit && !page.records.isEmpty) {
                page.hasMore = true
                break
            }
            page.records.append(record)
        }
        return page
    }

    /// Arrivals grow with counters, so halving finds the first; there is no index to be kept for it.
    func counter(shard: Int64, arrivedAtOrAfter moment: Int64) throws -> Int64 {
        let (start, end) = (SQLiteSchema.row(shard: shard, counter: 0), SQLiteSchema.row(shard: shard + 1, counter: 0))
        let lastSQL = "SELECT max(row) FROM records WHERE row >= ? AND row < ?"
        guard let last = try Int64.fetchOne(database.cachedStatement(sql: lastSQL), arguments: [start, end]) else { return 0 }
        let next = try database.cachedStatement(sql: "SELECT row, arrived_at FROM records WHERE row >= ? ORDER BY row LIMIT 1")
        var low = start
        var high = last + 1
        while low < high {
            let middle = low + (high - low) / 2
            guard let row = try Row.fetchOne(next, arguments: [middle]) else { break }
            let (found, arrivedAt): (Int64, Int64) = (row[0], row[1])
            if arrivedAt >= moment { high = middle } else { low = found + 1 }
        }
        // Counters have gaps: the row found is the first at or after the place, if there is one.
        guard low <= last, let row = try Row.fetchOne(next, arguments: [low]) else { return SQLiteSchema.counter(row: last) + 1 }
        return SQLiteSchema.counter(row: row[0])
    }
}
