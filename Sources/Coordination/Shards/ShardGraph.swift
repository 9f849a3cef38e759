public import Records

/// A stream's shards and their parents, as ListShards gave them, held against the rows of a lease table.
public struct ShardGraph: Sendable {
    /// In the order of the listing.
    public let shards: [Shard]
    private let indices: [String: Int]

    /// The shards of one full listing.
    public init(_ shards: [Shard] = []) {
        self.shards = shards
        indices = Dictionary(shards.indices.map { (shards[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The shard of this name, where it was listed.
    public subscript(id: String) -> Shard? { indices[id].map { shards[$0] } }

    /// Rows for shards that have none. Each begins at the group's one stored start: where that is a moment, a child that was born
    /// later holds only later records, so that reading it from that moment is reading it from its beginning.
    public func missing(rows: [Lease], start: Position) -> [NewLease] {
        let known = Set(rows.lazy.map(\.shard))
        return shards.filter { !known.contains($0.id) }.map { Self.row(for: $0, start: start) }
    }

    /// The row of a shard that nobody has read yet.
    public static func row(for shard: Shard, start: Position) -> NewLease {
        NewLease(shard: shard.id, position: start, parents: shard.parents, hashRange: shard.hashRange)
    }

    /// Unfinished rows whose parents are all finished.
    ///
    /// A parent without a row holds its children up while it is listed: its row is yet to be created. One that is not listed either was
    /// trimmed by retention, and counts as finished. A row whose shard is not listed is read all the same: the listing may lag behind, and
    /// only the shard itself can say that it is gone.
    public func readable(rows: [Lease]) -> [Lease] {
        let isFinished = Dictionary(rows.lazy.map { ($0.shard, $0.isFinished) }, uniquingKeysWith: { first, _ in first })
        func isPending(_ parent: String) -> Bool {
            if let isFinished = isFinished[parent] { return !isFinished }
            return indices[parent] != nil
        }
        return rows.filter { !$0.isFinished && !parents(of: $0).contains(where: isPending) }
    }

    /// Unfinished rows of shards that were not listed.
    public func unlisted(rows: [Lease]) -> Set<String> {
        Set(rows.lazy.filter { !$0.isFinished && self.indices[$0.shard] == nil }.map(\.shard))
    }

    /// What nobody would read of the hash space if only these rows were read to their ends.
    public func holes(rows: [Lease]) -> [HashRange] {
        HashRange.holes(in: rows.lazy.filter { !$0.isFinished }.compactMap { $0.hashRange ?? self[$0.shard]?.hashRange })
    }

    /// A row that a person has set may know nothing of its shard.
    private func parents(of row: Lease) -> [String] {
        row.parents.isEmpty ? self[row.shard]?.parents ?? [] : row.parents
    }
}
