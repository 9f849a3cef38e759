public import Coordination
import FoundationEssentials
import GRDB
public import Records

/// Where the SQLite store keeps its file.
public struct SQLiteConfiguration: Sendable, Hashable {
    /// The file's path; its folder must exist. One file serves one pipeline, from any number of processes of one machine.
    public var path: String

    /// A store in the file at `path`.
    public init(path: String) {
        self.path = path
    }
}

/// Leases and positions in a file of this machine, shared safely between its processes.
///
/// A lease whose owner's `WorkerIdentity` names a process of this machine that is no more counts as expired at once.
public final class SQLiteStore: CheckpointStore {
    private let queue: DatabaseQueue
    private let path: String
    private let milliseconds: @Sendable () -> Int64
    private let isGone: @Sendable (_ worker: String) -> Bool

    /// Opens the file, and creates it with its tables where there is none. Throws where it cannot be opened or is of a newer version.
    public static func open(_ configuration: SQLiteConfiguration) async throws(Failure) -> SQLiteStore {
        try await open(configuration, milliseconds: wallMilliseconds, isGone: LocalProcess.isGone)
    }

    /// `milliseconds` must agree between all processes that share the file, so it counts from 1970.
    static func open(
        _ configuration: SQLiteConfiguration, milliseconds: @escaping @Sendable () -> Int64,
        isGone: @escaping @Sendable (_ worker: String) -> Bool
    ) async throws(Failure) -> SQLiteStore {
        do {
            let queue = try DatabaseQueue(path: configuration.path, configuration: SQLiteSchema.configuration())
            let store = SQLiteStore(queue: queue, path: configuration.path, milliseconds: milliseconds, isGone: isGone)
            try await queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try SQLiteSchema.create(database)
                    return .commit
                }
            }
            return store
        } catch {
            throw Failure.sqlite(error, path: configuration.path)
        }
    }

    private init(
        queue: DatabaseQueue, path: String, milliseconds: @escaping @Sendable () -> Int64,
        isGone: @escaping @Sendable (_ worker: String) -> Bool
    ) {
        self.queue = queue
        self.path = path
        self.milliseconds = milliseconds
        self.isGone = isGone
    }

    /// The rows of one source: all in the one file.
    public func table(_ scope: String) -> any LeaseTable {
        SQLiteLeaseTable(store: self, scope: scope)
    }

    /// Those that have rows or a start.
    public func scopes() async throws -> [String] {
        do {
            return try await queue.read { try SQLiteRows.scopes($0) }
        } catch {
            throw Failure.sqlite(error, path: path)
        }
    }

    /// Closes the file; where a statement still runs, the file closes with the last reference to the store.
    public func close() async {
        try? queue.close()
    }

    /// Runs `body` as one transaction that holds the write lock from its beginning: a read that is promoted to a write may fail
    /// as busy without waiting (sqlite.org/lang_transaction.html).
    func transaction<Answer: Sendable>(
        _ scope: String, _ body: @Sendable @escaping (SQLiteRows, LeaseMoment) throws -> Answer
    ) async throws(Failure) -> Answer {
        do {
            return try await queue.writeWithoutTransaction { [milliseconds, isGone] database in
                var answer: Answer?
                try database.inTransaction(.immediate) {
                    // After the lock is ours: the wait for it counts.
                    let moment = LeaseMoment(
                        now: milliseconds(), microseconds: Self.wallMicroseconds(), isGone: memoized(isGone))
                    answer = try body(SQLiteRows(database: database, scope: scope), moment)
                    return .commit
                }
                // Set by every transaction that did not throw.
                return answer!
            }
        } catch {
            throw Failure.sqlite(error, path: path)
        }
    }

    private static func wallMilliseconds() -> Int64 { wallMicroseconds() / 1_000 }

    private static func wallMicroseconds() -> Int64 {
        Int64((Date().timeIntervalSince1970 * 1_000_000).rounded(.down))
    }
}

/// A thousand rows name a handful of owners: each is looked up once.
private func memoized(_ isGone: @escaping (String) -> Bool) -> (String) -> Bool {
    var known: [String: Bool] = [:]
    return { worker in
        if let answer = known[worker] { return answer }
        let answer = isGone(worker)
        known[worker] = answer
        return answer
    }
}

extension Failure {
    fileprivate static func sqlite(_ error: any Error, path: String) -> Failure {
        if let failure = error as? Failure { return failure }
        guard let error = error as? DatabaseError else {
            return Failure("checkpoints_unavailable", "cannot use the checkpoint file \(path): \(error)")
        }
        let sentence = "cannot use the checkpoint file \(path): \(error.message ?? "SQLite error \(error.resultCode.rawValue)")"
        switch error.resultCode {
        case .SQLITE_NOTADB:
            return Failure("checkpoints_unreadable", sentence, hint: "The path names a file that is not a SQLite database")
        case .SQLITE_CANTOPEN:
            return Failure("checkpoints_unavailable", sentence, hint: "Its folder must exist and be writable")
        case .SQLITE_BUSY:
            return Failure("checkpoints_unavailable", sentence, hint: "Another process has held the file for more than 5 seconds")
        default:
            return Failure("checkpoints_unavailable", sentence)
        }
    }
}
