import Coordination
import GRDB
import Records

/// The rows of one scope, read and written inside a transaction that the caller has opened.
struct SQLiteRows {
    let database: Database
    let scope: String

    func row(_ shard: String) throws -> LeaseRow? {
        let statement = try database.cachedStatement(sql: "SELECT \(Self.columns) FROM leases WHERE scope = ? AND shard = ?")
        return try Row.fetchOne(statement, arguments: [scope, shard]).map(Self.leaseRow)
    }

    func rows() throws -> [LeaseRow] {
        let statement = try database.cachedStatement(sql: "SELECT \(Self.columns) FROM leases WHERE scope = ? ORDER BY shard")
        return try Row.fetchAll(statement, arguments: [scope]).map(Self.leaseRow)
    }

    /// Applies `body` to the row and stores what it changed; nil where there is no such row.
    func change<Answer>(_ shard: String, _ body: (inout LeaseRow) -> Answer) throws -> Answer? {
        guard let before = try row(shard) else { return nil }
        var after = before
        let answer = body(&after)
        if after != before { try write(after, conflict: "REPLACE") }
        return answer
    }

    func create(_ leases: [NewLease]) throws {
        for lease in leases { try write(LeaseRow(lease), conflict: "IGNORE") }
    }

    func remove(_ shard: String) throws {
        try database.execute(sql: "DELETE FROM leases WHERE scope = ? AND shard = ?", arguments: [scope, shard])
    }

    private func write(_ row: LeaseRow, conflict: String) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT OR \(conflict) INTO leases (scope, \(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        let position = PositionText(row.position)
        let hash = HashRangeText.texts(row.hashRange)
        try statement.execute(arguments: [
            scope, row.shard, position.word, position.sub, row.owner, row.token, row.expiry, row.nextOwner, row.handoffDeadline,
            ParentsText.text(row.parents), hash.start, hash.end, row.detail,
        ])
    }

    private static let columns =
        "shard, position, sub, owner, token, expiry, next_owner, handoff_deadline, parents, hash_start, hash_end, detail"

    private static func leaseRow(_ row: Row) throws -> LeaseRow {
        let shard: String = row[0]
        guard let position = PositionText(word: row[1], sub: row[2]).position else {
            throw Failure.checkpointsUnreadable("a position of shard \(shard)")
        }
        var lease = LeaseRow(
            NewLease(
                shard: shard, position: position, parents: ParentsText.parents(row[8]),
                hashRange: HashRangeText.range(start: row[9], end: row[10]), detail: row[11]))
        lease.owner = row[3]
        lease.token = row[4]
        lease.expiry = row[5]
        lease.nextOwner = row[6]
        lease.handoffDeadline = row[7]
        return lease
    }
}

// MARK: Workers and starts

extension SQLiteRows {
    func start(proposing start: GroupStart) throws -> GroupStart {
        let proposed = PositionText(start.position)
        try database.execute(
            sql: """
                INSERT INTO starts (scope, position, sub, identity) VALUES (?, ?, ?, ?)
                ON CONFLICT (scope) DO UPDATE SET identity = coalesce(identity, excluded.identity)
                """,
            arguments: [scope, proposed.word, proposed.sub, start.identity])
        return try groupStart() ?? start
    }

    func groupStart() throws -> GroupStart? {
        let row = try Row.fetchOne(database, sql: "SELECT position, sub, identity FROM starts WHERE scope = ?", arguments: [scope])
        guard let row else { return nil }
        guard let position = PositionText(word: row[0], sub: row[1]).position else {
            throw Failure.checkpointsUnreadable("a start position")
        }
        return GroupStart(position: position, identity: row[2])
    }

    func startOver(_ start: GroupStart, replacing seen: GroupStart) throws -> GroupStart {
        if let stored = try groupStart(), stored != seen { return stored }
        try database.execute(sql: "DELETE FROM leases WHERE scope = ?", arguments: [scope])
        try database.execute(sql: "DELETE FROM starts WHERE scope = ?", arguments: [scope])
        return try self.start(proposing: start)
    }

    func announce(_ worker: Worker, for duration: Duration, at moment: LeaseMoment) throws -> [Worker] {
        try database.execute(
            sql: "INSERT OR REPLACE INTO workers (scope, worker, expiry, capacity) VALUES (?, ?, ?, ?)",
            arguments: [scope, worker.name, moment.now + duration.wholeMilliseconds, worker.capacity])
        try database.execute(sql: "DELETE FROM workers WHERE scope = ? AND expiry <= ?", arguments: [scope, moment.now])
        let announced = try Row.fetchAll(
            database, sql: "SELECT worker, capacity FROM workers WHERE scope = ? ORDER BY worker", arguments: [scope]
        ).map { Worker($0[0], capacity: $0[1]) }
        for gone in announced where moment.isGone(gone.name) { try withdraw(gone.name) }
        return announced.filter { !moment.isGone($0.name) }
    }

    func withdraw(_ worker: String) throws {
        try database.execute(sql: "DELETE FROM workers WHERE scope = ? AND worker = ?", arguments: [scope, worker])
    }

    static func scopes(_ database: Database) throws -> [String] {
        try String.fetchAll(database, sql: "SELECT scope FROM starts UNION SELECT scope FROM leases ORDER BY 1")
    }
}
