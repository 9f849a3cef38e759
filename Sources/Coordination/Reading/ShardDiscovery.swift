public import Records

/// Which rows a lease table needs, and which of them may be read, given what ListShards says.
public enum ShardDiscovery {
    /// Rows for shards that have none. Each begins at the group's one stored start: where that is a moment, a child that was born
    /// later holds only later records, so that reading it from that moment is reading it from its beginning.
    public static func missing(shards: [Shard], rows: [Lease], start: Position) -> [NewLease] {
        let known = Set(rows.map(\.shard))
        return shards.filter { !known.contains($0.id) }.map { row(for: $0, start: start) }
    }

    public static func row(for shard: Shard, start: Position) -> NewLease {
        NewLease(shard: shard.id, position: start, parents: shard.parents, hashRange: shard.hashRange)
    }

    /// Unfinished rows whose parents are all finished. A parent that has no row, or that ListShards no longer shows because retention
    /// has trimmed it, counts as finished.
    public static func readable(rows: [Lease], listed: Set<String>) -> [Lease] {
        let unfinished = Set(rows.lazy.filter { !$0.isFinished && listed.contains($0.shard) }.map(\.shard))
        return rows.filter { row in
            unfinished.contains(row.shard) && !row.parents.contains { unfinished.contains($0) }
        }
    }
}
