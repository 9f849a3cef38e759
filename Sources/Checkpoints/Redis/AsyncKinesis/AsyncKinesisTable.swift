import Coordination
import Records

/// The rows of one stream as async-kinesis keeps them, shared with its consumers.
///
/// While a lease of ours lives by the server's clock it is ours, whatever the value says: a challenger of async-kinesis overwrites the value
/// before it finds out that it came too late, and the next renewal or checkpoint mends that. Once the lease has expired, whoever stands
/// in the value has taken it. Starts, workers and the list of shards are those of the fenced layout.
struct AsyncKinesisTable: LeaseTable {
    private let fenced: RedisLeaseTable
    private let group: String
    private let pairs: AsyncKinesisKeys
    private let timeoutSeconds: String

    private var store: RedisStore { fenced.store }

    init(fenced: RedisLeaseTable, group: String, sessionTimeout: Duration) {
        self.fenced = fenced
        self.group = group
        pairs = AsyncKinesisKeys(group: group)
        timeoutSeconds = String(sessionTimeout.seconds)
    }

    func create(_ leases: [NewLease]) async throws(Failure) {
        _ = try await store.inBatches(leases, by: { pairs.value($0.shard) }) { batch throws(Failure) -> [Bool] in
            _ = try await store.run(
                .pythonCreate, keys: batch.map { pairs.side($0.shard) }, batch.flatMap(RedisRow.arguments), isIdempotent: true)
            return []
        }
        // Also those that were there: whoever created them may have died before this line.
        _ = try await store.inBatches(leases) { batch throws(Failure) -> [Bool] in
            _ = try await store.run(["SADD", fenced.keys.shards] + batch.map(\.shard), isIdempotent: true)
            return []
        }
    }

    func leases() async throws(Failure) -> [Lease] {
        let reply = try await store.run(["SMEMBERS", fenced.keys.shards], isIdempotent: true)
        return try await rows((reply.elements ?? []).compactMap(\.text)).sorted { $0.shard < $1.shard }
    }

    private func rows(_ shards: [String]) async throws(Failure) -> [Lease] {
        try await store.inBatches(shards, by: pairs.value) { batch throws(Failure) in
            let reply = try await store.run(
                .pythonLeases, keys: batch.flatMap(pairs.pair), [timeoutSeconds] + batch, isIdempotent: true)
            var leases: [Lease] = []
            for row in reply.elements ?? [] {
                guard let lease = RedisRow.lease(row) else { throw store.unreadable("a lease") }
                leases.append(lease)
            }
            return leases
        }
    }

    func acquire(_ requests: [AcquireRequest], owner: String, for duration: Duration) async throws(Failure) -> [AcquireOutcome] {
        let arguments = [owner, String(duration.wholeMilliseconds), timeoutSeconds, ref(owner), PythonText.quoted(ref(owner))]
        return try await store.inBatches(requests, by: { pairs.value($0.shard) }) { batch throws(Failure) in
            let reply: RESPValue
            do throws(Failure) {
                reply = try await store.run(
                    .pythonAcquire, keys: batch.flatMap { pairs.pair($0.shard) },
                    arguments + batch.map { $0.stealing.map(String.init) ?? "" }, isIdempotent: false)
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
        try await store.inBatches(leases, by: { pairs.value($0.shard) }) { batch throws(Failure) in
            let reply = try await store.run(
                .pythonRenew, keys: batch.flatMap { pairs.pair($0.shard) },
                [String(duration.wholeMilliseconds)] + batch.flatMap(arguments), isIdempotent: true)
            return try store.answers(reply, to: batch) { answer, _ in RedisRow.renewed(answer) }
        }
    }

    func checkpoint(_ changes: [(lease: HeldLease, position: Position)]) async throws(Failure) -> [CheckpointOutcome] {
        try await store.inBatches(changes, by: { pairs.value($0.lease.shard) }) { batch throws(Failure) in
            let words = batch.flatMap { change in
                let position = PositionText(change.position)
                return arguments(change.lease) + [position.word, position.sub]
            }
            let reply = try await store.run(
                .pythonCheckpoint, keys: batch.flatMap { pairs.pair($0.lease.shard) }, words, isIdempotent: true)
            return try store.answers(reply, to: batch) { answer, _ in RedisRow.checkpointed(answer) }
        }
    }

    /// The children's rows come after: in a cluster they are elsewhere. Whoever lists the stream's shards creates what a crash in between
    /// has left out.
    func finish(_ lease: HeldLease, children: [NewLease]) async throws(Failure) -> Bool {
        guard try await finish(lease) else { return false }
        try await create(children)
        return true
    }

    private func finish(_ lease: HeldLease) async throws(Failure) -> Bool {
        let keys = pairs.pair(lease.shard)
        do throws(Failure) {
            return try await store.run(.pythonFinish, keys: keys, RedisRow.arguments(lease), isIdempotent: false).integer == 1
        } catch {
            guard error.code == Failure.replyLost else { throw error }
            if try await store.run(.pythonFinish, keys: keys, RedisRow.arguments(lease), isIdempotent: true).integer == 1 { return true }
            let finisher = try await store.run(["HGET", pairs.side(lease.shard), "finishedBy"], isIdempotent: true)
            return finisher.text == RedisRow.arguments(lease).joined(separator: " ")
        }
    }

    /// Only a worker of ours hands anything over.
    func requestHandoffs(_ requests: [HandoffRequest], to next: String, within grace: Duration) async throws(Failure) -> [Bool] {
        try await store.inBatches(requests, by: { pairs.value($0.shard) }) { batch throws(Failure) in
            let arguments = [next, String(grace.wholeMilliseconds)] + batch.map(\.owner)
            let reply = try await store.run(.requestHandoff, keys: batch.map { pairs.side($0.shard) }, arguments, isIdempotent: true)
            return try store.answers(reply, to: batch) { answer, _ in answer.integer == 1 }
        }
    }

    func release(_ leases: [HeldLease]) async throws(Failure) {
        _ = try await store.inBatches(leases, by: { pairs.value($0.shard) }) { batch throws(Failure) -> [Bool] in
            _ = try await store.run(
                .pythonRelease, keys: batch.flatMap { pairs.pair($0.shard) }, batch.flatMap(RedisRow.arguments), isIdempotent: true)
            return []
        }
    }

    /// The name of a worker in values, as async-kinesis builds it.
    private func ref(_ owner: String) -> String { "\(group)/\(owner)" }

    private func arguments(_ lease: HeldLease) -> [String] {
        RedisRow.arguments(lease) + [PythonText.quoted(ref(lease.owner))]
    }
}

// MARK: Starts, workers and people

extension AsyncKinesisTable {
    /// The keys do not hold the stream's name: a second stream under the group's name would take the first one's positions for its own.
    func start(proposing start: GroupStart) async throws(Failure) -> GroupStart {
        let scope = fenced.keys.scope
        let key = RedisKeys.pythonScope(group: group)
        _ = try await store.run(["SET", key, scope, "NX"], isIdempotent: true)
        let kept = try await store.run(["GET", key], isIdempotent: true).text
        guard kept == scope else {
            throw Failure(
                "redis_conflict", "the group \(group) keeps the positions of \(kept ?? "another stream") in the layout of async-kinesis",
                hint: "Give each stream a `name` of its own, or use the agent's own layout")
        }
        return try await fenced.start(proposing: start)
    }

    func storedStart() async throws(Failure) -> GroupStart? { try await fenced.storedStart() }

    /// Rows go first: one that stayed would be taken for one of the new stream.
    func startOver(_ start: GroupStart, replacing seen: GroupStart) async throws(Failure) -> GroupStart {
        if let stored = try await storedStart(), stored != seen { return stored }
        _ = try await remove(try await leases().map(\.shard), force: true)
        return try await fenced.startOver(start, replacing: seen)
    }

    func announce(_ worker: Worker, for duration: Duration) async throws(Failure) -> [Worker] {
        try await fenced.announce(worker, for: duration)
    }

    func withdraw(_ worker: String) async throws(Failure) { try await fenced.withdraw(worker) }

    func overwrite(_ leases: [NewLease], force: Bool) async throws(Failure) -> [OverwriteOutcome] {
        try await create(leases)
        return try await store.inBatches(leases, by: { pairs.value($0.shard) }) { batch throws(Failure) in
            let positions = batch.map { PositionText($0.position) }.flatMap { [$0.word, $0.sub] }
            let reply = try await store.run(
                .pythonOverwrite, keys: batch.flatMap { pairs.pair($0.shard) }, [force ? "force" : "", timeoutSeconds] + positions,
                isIdempotent: false)
            return try store.answers(reply, to: batch) { answer, _ in RedisRow.overwritten(answer) }
        }
    }

    func remove(_ shards: [String], force: Bool) async throws(Failure) -> [OverwriteOutcome] {
        let outcomes = try await store.inBatches(shards, by: pairs.value) { batch throws(Failure) in
            let reply = try await store.run(
                .pythonRemove, keys: batch.flatMap(pairs.pair), [force ? "force" : "", timeoutSeconds], isIdempotent: false)
            return try store.answers(reply, to: batch) { answer, _ in RedisRow.overwritten(answer) }
        }
        let gone = zip(shards, outcomes).filter { $0.1 == .done }.map(\.0)
        if !gone.isEmpty { _ = try await store.run(["SREM", fenced.keys.shards] + gone, isIdempotent: true) }
        return outcomes
    }
}
