import Coordination
import Records

/// The rows of one source in Redis; every call is one script.
struct RedisLeaseTable: LeaseTable {
    let store: RedisStore
    let keys: RedisKeys

    func start(proposing position: Position) async throws(Failure) -> Position {
        let proposed = PositionText(position)
        let reply = try await store.run(.start, keys: [keys.start], [proposed.word, proposed.sub], isIdempotent: true)
        guard let fields = reply.elements, fields.count == 2, let stored = RedisRow.position(fields[0], fields[1]) else {
            throw store.unreadable("a start position")
        }
        return stored
    }

    func create(_ leases: [NewLease]) async throws(Failure) {
        guard !leases.isEmpty else { return }
        _ = try await store.run(
            .create, keys: [keys.shards] + leases.map { keys.row($0.shard) }, leases.flatMap(RedisRow.arguments), isIdempotent: true)
    }

    func leases() async throws(Failure) -> [Lease] {
        try await rows([]).sorted { $0.shard < $1.shard }
    }

    /// All rows where no shard is named.
    private func rows(_ shards: [String]) async throws(Failure) -> [Lease] {
        let reply = try await store.run(.leases, keys: [keys.shards], [keys.rowPrefix] + shards, isIdempotent: true)
        var leases: [Lease] = []
        for row in reply.elements ?? [] {
            guard let lease = RedisRow.lease(row) else { throw store.unreadable("a lease") }
            leases.append(lease)
        }
        return leases
    }

    func acquire(_ shard: String, owner: String, for duration: Duration, stealing token: Int64?) async throws(Failure) -> AcquireOutcome {
        let reply: RESPValue
        do {
            reply = try await store.run(
                .acquire, keys: [keys.row(shard)], [owner, milliseconds(duration), token.map(String.init) ?? ""], isIdempotent: false)
        } catch {
            guard error.code == Failure.replyLost else { throw error }
            // Who owns the lease tells what became of the lost call: nobody else acquires in our name.
            guard let row = try await rows([shard]).first, row.isLive, row.owner == owner else { throw error }
            return .acquired(HeldLease(shard: shard, owner: owner, token: row.token), from: row.position)
        }
        let fields = reply.elements ?? []
        switch fields.first?.text {
        case "held": return .held
        case "finished": return .finished
        case "missing": return .missing
        default:
            guard fields.count == 4, let token = fields[1].integer, let position = RedisRow.position(fields[2], fields[3]) else {
                throw store.unreadable("a lease of shard \(shard)")
            }
            return .acquired(HeldLease(shard: shard, owner: owner, token: token), from: position)
        }
    }

    func renew(_ leases: [HeldLease], for duration: Duration) async throws(Failure) -> [RenewOutcome] {
        guard !leases.isEmpty else { return [] }
        let reply = try await store.run(
            .renew, keys: leases.map { keys.row($0.shard) }, [milliseconds(duration)] + leases.flatMap(RedisRow.arguments),
            isIdempotent: true)
        guard let answers = reply.elements, answers.count == leases.count else { throw store.unreadable("leases") }
        return answers.map { answer in answer.text.map { .renewed(nextOwner: $0.isEmpty ? nil : $0) } ?? .lost }
    }

    func checkpoint(_ changes: [(lease: HeldLease, position: Position)]) async throws(Failure) -> [CheckpointOutcome] {
        guard !changes.isEmpty else { return [] }
        let arguments = changes.flatMap { change in
            let position = PositionText(change.position)
            return RedisRow.arguments(change.lease) + [position.word, position.sub]
        }
        let reply = try await store.run(.checkpoint, keys: changes.map { keys.row($0.lease.shard) }, arguments, isIdempotent: true)
        guard let answers = reply.elements, answers.count == changes.count else { throw store.unreadable("leases") }
        return answers.map { answer in
            switch answer.text {
            case "stored": .stored
            case "behind": .behind
            default: .lost
            }
        }
    }

    func finish(_ lease: HeldLease, children: [NewLease]) async throws(Failure) -> Bool {
        let rows = [keys.row(lease.shard), keys.shards] + children.map { keys.row($0.shard) }
        let arguments = RedisRow.arguments(lease) + children.flatMap(RedisRow.arguments)
        return try await store.run(.finish, keys: rows, arguments, isIdempotent: false).integer == 1
    }

    func requestHandoff(
        _ shard: String, from owner: String, to next: String, within grace: Duration
    ) async throws(Failure) -> Bool {
        let arguments = [owner, next, milliseconds(grace)]
        return try await store.run(.requestHandoff, keys: [keys.row(shard)], arguments, isIdempotent: false).integer == 1
    }

    func release(_ leases: [HeldLease]) async throws(Failure) {
        guard !leases.isEmpty else { return }
        // The second time the token is another and nothing happens.
        _ = try await store.run(
            .release, keys: leases.map { keys.row($0.shard) }, leases.flatMap(RedisRow.arguments), isIdempotent: true)
    }

    func announce(_ worker: String, for duration: Duration) async throws(Failure) -> [String] {
        let reply = try await store.run(.announce, keys: [keys.workers], [worker, milliseconds(duration)], isIdempotent: true)
        return (reply.elements ?? []).compactMap(\.text).sorted()
    }

    func withdraw(_ worker: String) async throws(Failure) {
        _ = try await store.run(["ZREM", keys.workers, worker], isIdempotent: true)
    }

    private func milliseconds(_ duration: Duration) -> String { String(duration.wholeMilliseconds) }
}

/// Rows as the scripts take and give them.
private enum RedisRow {
    /// As `LuaFunctions.create` takes it.
    static func arguments(_ lease: NewLease) -> [String] {
        let position = PositionText(lease.position)
        let hash = HashRangeText.texts(lease.hashRange)
        return [lease.shard, position.word, position.sub, ParentsText.text(lease.parents), hash.start, hash.end, lease.detail]
    }

    static func arguments(_ lease: HeldLease) -> [String] { [lease.owner, String(lease.token)] }

    static func position(_ word: RESPValue, _ sub: RESPValue) -> Position? {
        guard let word = word.text, let sub = sub.text else { return nil }
        return PositionText(word: word, sub: sub).position
    }

    /// As the script `leases` gives it.
    static func lease(_ row: RESPValue) -> Lease? {
        guard let fields = row.elements, fields.count == 12, let shard = fields[0].text, let token = fields[3].integer,
            let position = position(fields[4], fields[5])
        else { return nil }
        return Lease(
            shard: shard, position: position, owner: fields[6].text, token: token,
            remaining: fields[1].integer.map { .milliseconds($0) }, nextOwner: fields[7].text,
            handoffIsOverdue: fields[2].integer == 1, parents: ParentsText.parents(fields[8].text ?? ""),
            hashRange: HashRangeText.range(start: fields[9].text ?? "", end: fields[10].text ?? ""), detail: fields[11].text ?? "")
    }
}
