/// Which shards ListShards answers (AWS: Kinesis API Reference, ShardFilter).
enum ShardFilter: Sendable, Hashable {
    case all
    /// Those whose ids come after this one.
    case after(index: Int)
    case open
    /// Those that were open at this moment; milliseconds since 1970.
    case openAt(Int64)
    /// Those that were open at this moment or later.
    case openSince(Int64)

    func includes(_ shard: ShardState) -> Bool {
        switch self {
        case .all: true
        case .after(let index): shard.index > index
        case .open: shard.isOpen
        case .openAt(let moment): shard.createdAt <= moment && (shard.closure.map { $0.closedAt > moment } ?? true)
        case .openSince(let moment): shard.closure.map { $0.closedAt > moment } ?? true
        }
    }
}
