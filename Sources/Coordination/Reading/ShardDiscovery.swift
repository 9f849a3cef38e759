public import Records

/// Which rows a lease table needs, and which of them may be read, given what ListShards says.
public enum ShardDiscovery {
    /// Rows for shards that have none. Each begins at the group's one stored start: where that is a moment, a child that was born
    /// later holds only later records, so that reading it from that moment is reading it from its beginning.
    public static func missing(shards: [Shard], rows: [Lease], start: Position) -> [NewLease] {
        let known = Set(rows.map(\.shard))
        return shards.filter { !known.contains($0.id) }.map { row(for: $0, start: start) }
    }

    /// The row of a shard that nobody has read yet.
    public static func row(for shard: Shard, start: Position) -> NewLease {
        NewLease(shard: shard.id, position: start, parents: shard.parents, hashRange: shard.hashRange)
    }

    /// Unfinished rows whose parents are all finished. A parent that ListShards no longer shows, because retention has trimmed it, counts as
    /// finished; one that it shows and that has no row yet does not.
    public static func readable(rows: [Lease], listed: Set<String>) -> [Lease] {
        let finished = Set(rows.lazy.filter(\.isFinished).map(\.shard))
        func isPending(_ shard: String) -> Bool { listed.contains(shard) && !finished.contains(shard) }
        return rows.filter { isPending($0.shard) && !$0.parents.contains(where: isPending) }
    }
}
