import Records

/// A record as it is stored.
struct StoredRecord: Sendable, Hashable {
    var shard: Int64
    var counter: Int64
    /// Milliseconds since 1970.
    var arrivedAt: Int64
    var partitionKey: String
    var data: [UInt8]

    /// What counts against limits.
    var byteCount: Int { partitionKey.utf8.count + data.count }
}

/// A change of what is stored.
enum StoreChange: Sendable {
    /// Records, each above all earlier ones of its shard.
    case append([StoredRecord])
    /// Creates the stream or replaces its settings; its shards are saved apart.
    case saveStream(StreamState)
    case saveShards([ShardState], stream: Int64)
    case deleteStream(Int64, shards: [Int64])
    case dropShards([Int64])
    case trim(shard: Int64, arrivedBefore: Int64)

    /// Whether the streams in memory are wrong when it could not be stored.
    var isStructural: Bool {
        switch self {
        case .append, .trim: false
        case .saveStream, .saveShards, .deleteStream, .dropShards: true
        }
    }

    var dropsShards: Bool {
        switch self {
        case .deleteStream, .dropShards: true
        case .append, .saveStream, .saveShards, .trim: false
        }
    }
}

/// What a store held when it was opened.
struct StoredState: Sendable {
    var streams: [StreamState] = []
    var nextStreamID: Int64 = 1
    var nextShardKey: Int64 = 1
}

/// A part of a shard.
struct RecordPage: Sendable, Hashable {
    var records: [StoredRecord]
    /// The shard holds more after these.
    var hasMore: Bool
}

/// Where streams and records are kept.
protocol StreamStore: Sendable {
    /// Stores the changes, after all that were enqueued before and all of them or none; `done` is called once they are durable, or
    /// with why they are not. It may be called before this returns.
    func enqueue(_ changes: [StoreChange], done: @escaping @Sendable (Result<Void, any Error>) -> Void)
    /// Records from `counter` on, at most `limit` and (except for the first) `byteLimit` in all.
    func records(shard: Int64, from counter: Int64, limit: Int, byteLimit: Int) async throws -> RecordPage
    /// The counter of the first record that arrived then or later, else one above the last record; 0 without any record.
    func counter(shard: Int64, arrivedAtOrAfter moment: Int64) async throws -> Int64
    func close() async
}
