public import Coordination
import Records
import Synchronization

/// The pace of one shard, whoever of this process reads it: the quota is the shard's, not the reader's.
public final class SharedReadPace: Sendable {
    private let pace: Mutex<ReadPace>

    /// A pace of its own, shared with whoever is handed it.
    public init(_ limits: ReadPace.Limits = .shard) {
        pace = Mutex(ReadPace(limits, now: .now()))
    }

    func with<Answer: Sendable>(_ body: (inout ReadPace) -> Answer) -> Answer {
        pace.withLock { body(&$0) }
    }
}

/// The paces of all shards that are being read in this process; one lives as long as a reader has it.
final class ReadPaces: Sendable {
    /// Two pipelines, or two sources of one, may read the same shard by clients of their own: so this is the process's.
    static let process = ReadPaces()

    struct Key: Sendable, Hashable {
        /// The host that serves the stream.
        var endpoint: String
        var stream: String
        var shard: String
    }

    private struct Entry: Sendable {
        weak var pace: SharedReadPace?
    }

    private let entries = Mutex<[Key: Entry]>([:])
    /// Entries are looked through for those whose readers are gone when there are twice as many as last time.
    private let limit = Mutex(64)

    func pace(_ key: Key) -> SharedReadPace {
        entries.withLock { entries in
            if let pace = entries[key]?.pace { return pace }
            limit.withLock { limit in
                guard entries.count >= limit else { return }
                entries = entries.filter { $0.value.pace != nil }
                limit = max(64, entries.count * 2)
            }
            let pace = SharedReadPace()
            entries[key] = Entry(pace: pace)
            return pace
        }
    }

    /// Shards that have a reader.
    var count: Int { entries.withLock { $0.values.count { $0.pace != nil } } }
}
