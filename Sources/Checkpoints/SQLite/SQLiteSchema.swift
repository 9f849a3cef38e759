import GRDB
import Records

/// The tables of a checkpoint file, and the pragmas under which they are safe.
enum SQLiteSchema {
    /// Raised with every change that an older version could not read.
    static let version = 2

    /// `synchronous=FULL`: in WAL mode NORMAL may lose commits at a power cut (sqlite.org/pragma.html#pragma_synchronous), and a
    /// checkpoint that was answered as stored must be there afterwards.
    static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "checkpoints"
        // Far above the few milliseconds of a transition; only a stopped process holds the file for so long.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        return configuration
    }

    static func create(_ database: Database) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found <= version else {
            throw Failure.checkpointsUnreadable("version \(found) of its tables")
        }
        try database.execute(sql: statements)
        if found == 1 {
            try database.execute(sql: "ALTER TABLE starts ADD COLUMN identity TEXT")
            try database.execute(sql: "ALTER TABLE workers ADD COLUMN capacity INTEGER")
        }
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }

    private static let statements = """
        CREATE TABLE IF NOT EXISTS leases (
            scope TEXT NOT NULL,
            shard TEXT NOT NULL,
            position TEXT NOT NULL,
            sub TEXT NOT NULL,
            owner TEXT,
            token INTEGER NOT NULL,
            expiry INTEGER NOT NULL,
            next_owner TEXT,
            handoff_deadline INTEGER NOT NULL,
            parents TEXT NOT NULL,
            hash_start TEXT NOT NULL,
            hash_end TEXT NOT NULL,
            detail TEXT NOT NULL,
            PRIMARY KEY (scope, shard)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS workers (
            scope TEXT NOT NULL,
            worker TEXT NOT NULL,
            expiry INTEGER NOT NULL,
            capacity INTEGER,
            PRIMARY KEY (scope, worker)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS starts (
            scope TEXT NOT NULL PRIMARY KEY,
            position TEXT NOT NULL,
            sub TEXT NOT NULL,
            identity TEXT
        ) STRICT, WITHOUT ROWID;
        """
}
