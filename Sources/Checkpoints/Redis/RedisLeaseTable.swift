import Coordination
import Records

/// The rows of one source in Redis; every call is one script, or several at once where the rows are many.
struct RedisLeaseTable: LeaseTable {
    let store: RedisStore
    let keys: RedisKeys

    func create(_ leases: [NewLease]) async throws(Failure) {
        _ = try await store.inBatches(leases) { batch throws(Failure) -> [Bool] in
            _ = try await store.run(
                .create, keys: [keys.shards] + batch.map { keys.row($0.shard) }, batch.flatMap(RedisRow.arguments), isIdempotent: true)
            return []
        }
    }

    func leases() async throws(Failure) -> [Lease] {
        let reply = try await store.run(.leases, keys: [keys.shards], [keys.rowPrefix, String(RedisStore.batchMax)], isIdempotent: true)
        let names = (reply.elements ?? []).compactMap(\.text)
        let leases = names.isEmpty ? try rows(reply) : try await store.inBatches(names) { batch throws(Failure) in try await rows(batch) }
        return leases.sorted { $0.shard < $1.shard }
    }

    private func rows(_ shards: [String]) async throws(Failure) -> [Lease] {
        let arguments = [keys.rowPrefix, String(RedisStore.batchMax)] + shards
        return try rows(await store.run(.leases, keys: [keys.shards], arguments, isIdempotent: true))
    }

    private func rows(_ reply: RESPValue) throws(Failure) -> [Lease] {
        var leases: [Lease] = []
        for row in reply.elements ?? [] {
            guard let lease = RedisRow.lease(row) else { throw store.unreadable("a lease") }
            leases.append(lease)
        }
        return leases
    }

    func acquire(_ requests: [AcquireRequest], owner: String, for duration: Duration) async throws(Failure) -> [AcquireOutcome] {
        try await store.inBatches(requests) { batch throws(Failure) in
            let arguments = [owner, milliseconds(duration)] + batch.map { $0.stealing.map(String.init) ?? "" }
            let reply: RESPValue
            do throws(Failure) {
                reply = try await store.run(.acquire, keys: batch.map { keys.row($0.shard) }, arguments, isIdempotent: false)
            } catch {
                guard error.code == Failure.replyLost,
                    let outcomes = RedisRow.adopted(batch, by: owner, from: try await rows(batch.map(\.shard)))
                else { throw error }
                return outcomes
            }
            return try store.answers(reply, to: batch) { answer, request in RedisRow.acquired(answer, request.shard, by: owner) }
        }
    }

    func renew(_ leases: [HeldLease], for duration: Duration) async throws(Failure) -> [RenewOutcome] {
        try await store.inBatches(leases) { batch throws(Failure) in
            let reply = try await store.run(
                .renew, keys: batch.map { keys.row($0.shard) }, [milliseconds(duration)] + batch.flatMap(RedisRow.arguments),
                isIdempotent: true)
            return try store.answers(reply, to: batch) { answer, _ in RedisRow.renewed(answer) }
        }
    }

    func checkpoint(_ changes: [(lease: HeldLease, position: Position)]) async throws(Failure) -> [CheckpointOutcome] {
        try await store.inBatches(changes) { batch throws(Failure) in
            let arguments = batch.flatMap { change in
                let position = PositionText(change.position)
                return RedisRow.arguments(change.lease) + [position.word, position.sub]
            }
            let reply = try await store.run(.checkpoint, keys: batch.map { keys.row($0.lease.shard) }, arguments, isIdempotent: true)
            return try store.answers(reply, to: batch) { answer, _ in RedisRow.checkpointed(answer) }
        }
    }

    func finish(_ lease: HeldLease, children: [NewLease]) async throws(Failure) -> Bool {
        let rows = [keys.row(lease.shard), keys.shards] + children.map { keys.row($0.shard) }
        let arguments = RedisRow.arguments(lease) + children.flatMap(RedisRow.arguments)
        do throws(Failure) {
            return try await store.run(.finish, keys: rows, arguments, isIdempotent: false).integer == 1
        } catch {
            guard error.code == Failure.replyLost else { throw error }
            // Refused the second time where it was applied the first time: the row tells by whom.
            if try await store.run(.finish, keys: rows, arguments, isIdempotent: true).integer == 1 { return true }
            let finisher = try await store.run(["HGET", keys.row(lease.shard), "finishedBy"], isIdempotent: true)
            return finisher.text == RedisRow.arguments(lease).joined(separator: " ")
        }
    }

    func requestHandoffs(_ requests: [HandoffRequest], to next: String, within grace: Duration) async throws(Failure) -> [Bool] {
        try await store.inBatches(requests) { batch throws(Failure) in
            let arguments = [next, milliseconds(grace)] + batch.map(\.owner)
            // The second time it is we who have asked before.
            let reply = try await store.run(.requestHandoff, keys: batch.map { keys.row($0.shard) }, arguments, isIdempotent: true)
            return try store.answers(reply, to: batch) { answer, _ in answer.integer == 1 }
        }
    }

    func release(_ leases: [HeldLease]) async throws(Failure) {
        _ = try await store.inBatches(leases) { batch throws(Failure) -> [Bool] in
            // The second time the token is another and nothing happens.
            _ = try await store.run(
                .release, keys: batch.map { keys.row($0.shard) }, batch.flatMap(RedisRow.arguments), isIdempotent: true)
            return []
        }
    }

    private func milliseconds(_ duration: Duration) -> String { String(duration.wholeMilliseconds) }
}

// MARK: Starts, workers and people

extension RedisLeaseTable {
    func start(proposing start: GroupStart) async throws(Failure) -> GroupStart {
        // First: a source that has a start is listed.
        _ = try await store.run(["SADD", keys.scopes, keys.scope], isIdempotent: true)
        return try groupStart(await store.run(.start, keys: [keys.start], RedisRow.arguments(start), isIdempotent: true))
    }

    func storedStart() async throws(Failure) -> GroupStart? {
        let reply = try await store.run(["HMGET", keys.start, "position", "sub", "identity"], isIdempotent: true)
        if let fields = reply.elements, fields.first == .null { return nil }
        return try groupStart(reply)
    }

    func startOver(_ start: GroupStart, replacing seen: GroupStart) async throws(Failure) -> GroupStart {
        let arguments = RedisRow.arguments(start) + RedisRow.arguments(seen) + [keys.rowPrefix]
        // The second time it is ours that is stored.
        return try groupStart(await store.run(.startOver, keys: [keys.start, keys.shards], arguments, isIdempotent: true))
    }

    private func groupStart(_ reply: RESPValue) throws(Failure) -> GroupStart {
        guard let start = RedisRow.start(reply) else { throw store.unreadable("a start position") }
        return start
    }

    func announce(_ worker: Worker, for duration: Duration) async throws(Failure) -> [Worker] {
        let arguments = [worker.name, milliseconds(duration), worker.capacity.map(String.init) ?? ""]
        let reply = try await store.run(.announce, keys: [keys.workers, keys.capacities], arguments, isIdempotent: true)
        let fields = reply.elements ?? []
        return stride(from: 0, to: fields.count - 1, by: 2).compactMap { index in
            fields[index].text.map { Worker($0, capacity: fields[index + 1].integer.map(Int.init)) }
        }.sorted { $0.name < $1.name }
    }

    func withdraw(_ worker: String) async throws(Failure) {
        _ = try await store.run(.withdraw, keys: [keys.workers, keys.capacities], [worker], isIdempotent: true)
    }

    func overwrite(_ leases: [NewLease], force: Bool) async throws(Failure) -> [OverwriteOutcome] {
        try await store.inBatches(leases) { batch throws(Failure) in
            let arguments = [force ? "force" : ""] + batch.flatMap(RedisRow.arguments)
            let reply = try await store.run(
                .overwrite, keys: [keys.shards] + batch.map { keys.row($0.shard) }, arguments, isIdempotent: false)
            return try store.answers(reply, to: batch) { answer, _ in RedisRow.overwritten(answer) }
        }
    }

    func remove(_ shards: [String], force: Bool) async throws(Failure) -> [OverwriteOutcome] {
        try await store.inBatches(shards) { batch throws(Failure) in
            let reply = try await store.run(
                .remove, keys: [keys.shards] + batch.map(keys.row), [force ? "force" : ""] + batch, isIdempotent: false)
            return try store.answers(reply, to: batch) { answer, _ in RedisRow.overwritten(answer) }
        }
    }
}
