import Foundation
import GRDB
import Records
import Synchronization

/// Streams and records in a SQLite database, durable before they are acknowledged.
///
/// Writes are committed in groups: whatever came while one transaction was being written shares the next, so that the price of making
/// it durable (synchronous = FULL) is paid once for all of them. Records are read from the database, never kept.
final class SQLiteStore: StreamStore {
    private let pool: DatabasePool
    private let lock: DirectoryLock
    private let queue = Mutex(Queue())

    private struct Entry {
        var changes: [StoreChange]
        var done: @Sendable (Result<Void, any Error>) -> Void
    }

    private struct Queue {
        var entries: [Entry] = []
        var isDraining = false
        /// There may be records of dropped shards left to delete.
        var hasGarbage = true
    }

    /// Opens or makes the database. Throws a `Failure`: `state_in_use` or `state_unusable`.
    init(directory: String) throws(Failure) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure("state_unusable", "the folder \(directory) cannot be made: \(error.localizedDescription)")
        }
        lock = try DirectoryLock(directory: directory)
        do {
            pool = try Self.open("\(directory)/embedded.sqlite")
        } catch {
            lock.release()
            throw error as? Failure ?? Failure("state_unusable", "the database in \(directory) cannot be opened: \(error)")
        }
    }

    private static func open(_ path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA page_size = \(SQLiteSchema.pageBytes)") }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { database in
            // GRDB's own choice for WAL, NORMAL, loses the last commits with the machine's power.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            switch version {
            case SQLiteSchema.version: return
            case 1:
                try database.inTransaction {
                    try SQLiteSchema.migrate(database); return .commit
                }
            case 0:
                try database.inTransaction {
                    try SQLiteSchema.create(in: database); return .commit
                }
            default:
                throw Failure(
                    "state_unusable", "\(path) was written by a newer kinesis-agent (format \(version))",
                    hint: "Use that version, or another folder")
            }
        }
        return pool
    }

    /// What was stored before.
    func load() throws(Failure) -> StoredState {
        do {
            return try pool.read(SQLiteLoader.load)
        } catch {
            throw Failure("state_unusable", "\(pool.path) cannot be read: \(error)")
        }
    }

    func enqueue(_ changes: [StoreChange], done: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        let startsDraining = queue.withLock { queue in
            queue.entries.append(Entry(changes: changes, done: done))
            defer { queue.isDraining = true }
            return !queue.isDraining
        }
        guard startsDraining else { return }
        pool.asyncWriteWithoutTransaction { [self] database in drain(into: database) }
    }

    /// Writes groups until nothing is left, and sweeps between them.
    private func drain(into database: Database) {
        while true {
            let (group, sweeps) = queue.withLock { queue in
                defer { queue.entries = [] }
                queue.isDraining = !queue.entries.isEmpty || queue.hasGarbage
                return (queue.entries, queue.hasGarbage)
            }
            guard !group.isEmpty || sweeps else { return }
            if !group.isEmpty { write(group, into: database) }
            if sweeps { sweep(database) }
        }
    }

    private func write(_ group: [Entry], into database: Database) {
        let outcome = Result {
            try database.inTransaction {
                for entry in group {
                    for change in entry.changes { try SQLiteWriter(database: database).apply(change) }
                }
                return .commit
            }
        }
        if group.contains(where: { $0.changes.contains(where: \.dropsShards) }) { queue.withLock { $0.hasGarbage = true } }
        for entry in group { entry.done(outcome) }
    }

    /// What cannot be deleted now is tried again when the database is opened next.
    private func sweep(_ database: Database) {
        var hasMore = false
        try? database.inTransaction {
            hasMore = try SQLiteWriter(database: database).sweep()
            return .commit
        }
        if !hasMore { queue.withLock { $0.hasGarbage = false } }
    }

    func records(shard: Int64, from counter: Int64, limit: Int, byteLimit: Int) async throws -> RecordPage {
        try await pool.read { database in
            try SQLiteReader(database: database).records(shard: shard, from: counter, limit: limit, byteLimit: byteLimit)
        }
    }

    func counter(shard: Int64, arrivedAtOrAfter moment: Int64) async throws -> Int64 {
        try await pool.read { database in try SQLiteReader(database: database).counter(shard: shard, arrivedAtOrAfter: moment) }
    }

    func close() async {
        // What is queued is written first: the writer's queue runs in order. Sweeping can wait for the next time.
        queue.withLock { $0.hasGarbage = false }
        try? await pool.writeWithoutTransaction { _ in }
        try? pool.close()
        lock.release()
    }
}
