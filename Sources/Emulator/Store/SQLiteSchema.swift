import GRDB

/// The tables of the embedded stream.
enum SQLiteSchema {
    /// Written into the database's `user_version`.
    static let version = 2

    /// Records of 1 KiB fill larger pages better; it must be set before the first table.
    static let pageBytes = 8_192

    /// A record's row number holds its shard in the upper bits and its counter in the lower 40: rows lie in the order in which they are
    /// read, and a row table keeps whole records in its leaves, where one without row numbers would spill them.
    static let counterBits: Int64 = 40

    static func row(shard: Int64, counter: Int64) -> Int64 { shard << counterBits | counter }
    static func counter(row: Int64) -> Int64 { row & ((1 << counterBits) - 1) }

    /// Settings, tags and consumers are JSON: they are read and written whole, and never searched.
    /// Shards whose records are still to be deleted wait in `dropped_shards`.
    private static let settingsAndDroppedShards = """
        ALTER TABLE streams ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
        CREATE TABLE dropped_shards(id INTEGER PRIMARY KEY);
        """

    /// Brings a database of version 1 here.
    static func migrate(_ database: Database) throws {
        try database.execute(sql: settingsAndDroppedShards)
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }

    /// AUTOINCREMENT never gives a number again, so that tokens of what was deleted never fit what came later.
    static func create(in database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE streams(
                    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, mode TEXT NOT NULL,
                    retention_milliseconds INTEGER NOT NULL, record_kibibytes INTEGER NOT NULL, change TEXT NOT NULL, settles_at INTEGER NOT NULL,
                    next_shard_index INTEGER NOT NULL);
                CREATE TABLE shards(
                    id INTEGER PRIMARY KEY AUTOINCREMENT, stream INTEGER NOT NULL, shard_index INTEGER NOT NULL, parent_index INTEGER,
                    adjacent_parent_index INTEGER, starting_hash_key TEXT NOT NULL, ending_hash_key TEXT NOT NULL,
                    created_at INTEGER NOT NULL, closed_at INTEGER, ending_counter INTEGER, next_counter INTEGER NOT NULL,
                    last_arrival INTEGER NOT NULL);
                CREATE TABLE records(
                    row INTEGER PRIMARY KEY, arrived_at INTEGER NOT NULL, partition_key TEXT NOT NULL, data BLOB NOT NULL);
                """)
        try migrate(database)
    }
}
