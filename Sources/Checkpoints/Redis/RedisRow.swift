import Coordination
import Records

/// Rows as the scripts take and give them.
enum RedisRow {
    /// As `LuaFunctions.create` takes it.
    static func arguments(_ lease: NewLease) -> [String] {
        let position = PositionText(lease.position)
        let hash = HashRangeText.texts(lease.hashRange)
        return [lease.shard, position.word, position.sub, ParentsText.text(lease.parents), hash.start, hash.end, lease.detail]
    }

    static func arguments(_ lease: HeldLease) -> [String] { [lease.owner, String(lease.token)] }

    /// As `start` takes it.
    static func arguments(_ start: GroupStart) -> [String] {
        let position = PositionText(start.position)
        return [position.word, position.sub, start.identity ?? ""]
    }

    /// Nil where it cannot be read.
    static func start(_ reply: RESPValue) -> GroupStart? {
        guard let fields = reply.elements, fields.count == 3, let position = position(fields[0], fields[1]) else { return nil }
        return GroupStart(position: position, identity: fields[2].text)
    }

    /// As the script `acquire` gives it, for a lease of `shard`. Nil where it cannot be read.
    static func acquired(_ answer: RESPValue, _ shard: String, by owner: String) -> AcquireOutcome? {
        let fields = answer.elements ?? []
        switch fields.first?.text {
        case "held": return .held
        case "finished": return .finished
        case "missing": return .missing
        default:
            guard fields.count == 4, let token = fields[1].integer, let position = position(fields[2], fields[3]) else { return nil }
            return .acquired(HeldLease(shard: shard, owner: owner, token: token), from: position)
        }
    }

    /// What became of a call whose answer was lost, by the rows: who owns a lease tells, since nobody else acquires in our name.
    /// Nil where that leaves everything open.
    static func adopted(_ requests: [AcquireRequest], by owner: String, from rows: [Lease]) -> [AcquireOutcome]? {
        let rows = Dictionary(rows.map { ($0.shard, $0) }) { first, _ in first }
        var isOpen = false
        var isAdopted = false
        let outcomes = requests.map { request -> AcquireOutcome in
            guard let row = rows[request.shard] else { return .missing }
            if row.isFinished { return .finished }
            if row.isLive, row.owner == owner {
                isAdopted = true
                return .acquired(HeldLease(shard: row.shard, owner: owner, token: row.token), from: row.position)
            }
            // A free one may be ours in a moment, if the server has yet to come to the call.
            isOpen = isOpen || !row.isLive
            return .held
        }
        return isOpen && !isAdopted ? nil : outcomes
    }

    /// As the scripts that renew give it.
    static func renewed(_ answer: RESPValue) -> RenewOutcome {
        answer.text.map { .renewed(nextOwner: $0.isEmpty ? nil : $0) } ?? .lost
    }

    /// As the scripts that store positions give it.
    static func checkpointed(_ answer: RESPValue) -> CheckpointOutcome {
        switch answer.text {
        case "stored": .stored
        case "behind": .behind
        default: .lost
        }
    }

    /// As the scripts `overwrite` and `remove` give it. Nil where it cannot be read.
    static func overwritten(_ answer: RESPValue) -> OverwriteOutcome? {
        let fields = answer.elements ?? []
        switch fields.first?.text {
        case "done": return .done
        case "missing": return .missing
        default:
            guard fields.count == 3, let owner = fields[1].text, let remaining = fields[2].integer else { return nil }
            return .live(owner: owner, remaining: .milliseconds(remaining))
        }
    }

    static func position(_ word: RESPValue, _ sub: RESPValue) -> Position? {
        guard let word = word.text, let sub = sub.text else { return nil }
        return PositionText(word: word, sub: sub).position
    }

    /// As the script `leases` gives it.
    static func lease(_ row: RESPValue) -> Lease? {
        guard let fields = row.elements, fields.count >= 12, let shard = fields[0].text, let token = fields[3].integer,
            let position = position(fields[4], fields[5])
        else { return nil }
        return Lease(
            shard: shard, position: position, owner: fields[6].text, token: token,
            remaining: fields[1].integer.map { .milliseconds($0) }, nextOwner: fields[7].text,
            handoffIsOverdue: fields[2].integer == 1, parents: ParentsText.parents(fields[8].text ?? ""),
            hashRange: HashRangeText.range(start: fields[9].text ?? "", end: fields[10].text ?? ""), detail: fields[11].text ?? "",
            isForeign: fields.count > 12 && fields[12].integer == 1)
    }
}
