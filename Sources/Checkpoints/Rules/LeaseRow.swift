import Coordination
import Records

/// What a transition knows of the moment in which it happens.
struct LeaseMoment {
    /// Milliseconds on the store's clock.
    let now: Int64
    /// Microseconds since 1970 or since the store was made, for tokens.
    let microseconds: Int64
    /// Whether a worker is known to be dead, so that its leases need not run out first.
    let isGone: (_ worker: String) -> Bool

    init(now: Int64, microseconds: Int64, isGone: @escaping (_ worker: String) -> Bool = { _ in false }) {
        self.now = now
        self.microseconds = microseconds
        self.isGone = isGone
    }
}

/// A row of the lease table and its transitions, by a clock that is handed in: the rules that every store follows.
///
/// The Redis scripts state the same rules in Lua; the contract tests hold them against these.
struct LeaseRow: Sendable, Hashable {
    var shard: String
    var position: Position
    var owner: String?
    var token: Int64 = 0
    /// Milliseconds on the store's clock; without meaning where there is no owner.
    var expiry: Int64 = 0
    var nextOwner: String?
    /// Milliseconds on the store's clock; without meaning where there is no next owner.
    var handoffDeadline: Int64 = 0
    var parents: [String]
    var hashRange: HashRange?
    var detail: String

    init(_ new: NewLease) {
        shard = new.shard
        position = new.position
        parents = new.parents
        hashRange = new.hashRange
        detail = new.detail
    }

    func lease(at moment: LeaseMoment) -> Lease {
        Lease(
            shard: shard, position: position, owner: owner, token: token,
            remaining: isLive(at: moment) ? .milliseconds(expiry - moment.now) : nil, nextOwner: nextOwner,
            handoffIsOverdue: nextOwner != nil && handoffDeadline <= moment.now, parents: parents, hashRange: hashRange, detail: detail)
    }

    /// A lease ends at its last millisecond, not after it.
    func isLive(at moment: LeaseMoment) -> Bool {
        guard let owner else { return false }
        return expiry > moment.now && !moment.isGone(owner)
    }

    /// Expiry alone takes nothing from the owner: as long as nobody has taken the lease, token and owner still match.
    func isHeld(by lease: HeldLease) -> Bool {
        owner == lease.owner && token == lease.token
    }

    mutating func acquire(owner: String, for duration: Duration, stealing seen: Int64?, at moment: LeaseMoment) -> AcquireOutcome {
        guard position != .shardEnd else { return .finished }
        guard !isLive(at: moment) || seen == token else { return .held }
        token = nextToken(at: moment)
        self.owner = owner
        expiry = moment.now + duration.wholeMilliseconds
        nextOwner = nil
        return .acquired(HeldLease(shard: shard, owner: owner, token: token), from: position)
    }

    mutating func renew(_ lease: HeldLease, for duration: Duration, at moment: LeaseMoment) -> RenewOutcome {
        guard isHeld(by: lease) else { return .lost }
        expiry = moment.now + duration.wholeMilliseconds
        return .renewed(nextOwner: nextOwner)
    }

    mutating func checkpoint(_ lease: HeldLease, at position: Position) -> CheckpointOutcome {
        guard isHeld(by: lease) else { return .lost }
        guard position >= self.position else { return .behind }
        self.position = position
        return .stored
    }

    /// False when the lease was lost.
    mutating func finish(_ lease: HeldLease) -> Bool {
        guard isHeld(by: lease) else { return false }
        position = .shardEnd
        free()
        return true
    }

    mutating func requestHandoff(from owner: String, to next: String, within grace: Duration, at moment: LeaseMoment) -> Bool {
        guard self.owner == owner, isLive(at: moment) else { return false }
        guard nextOwner == nil else { return nextOwner == next }
        nextOwner = next
        handoffDeadline = moment.now + grace.wholeMilliseconds
        return true
    }

    mutating func release(_ lease: HeldLease) {
        if isHeld(by: lease) { free() }
    }

    /// Sets the position whatever it was, for a person. The former owner is refused from here on.
    mutating func overwrite(_ position: Position, force: Bool, at moment: LeaseMoment) -> OverwriteOutcome {
        if !force, let refusal = refusal(at: moment) { return refusal }
        self.position = position
        token = nextToken(at: moment)
        owner = nil
        nextOwner = nil
        return .done
    }

    /// Why the row may not be changed by somebody who does not hold its lease; nil where it may.
    func refusal(at moment: LeaseMoment) -> OverwriteOutcome? {
        guard let owner, isLive(at: moment) else { return nil }
        return .live(owner: owner, remaining: .milliseconds(expiry - moment.now))
    }

    /// The store's clock in microseconds, so that what the store forgot cannot be given out again; see `LeaseTable`.
    private func nextToken(at moment: LeaseMoment) -> Int64 {
        max(token + 1, moment.microseconds)
    }

    /// The token grows, so that the former owner's late writes are refused even if it takes the lease again.
    private mutating func free() {
        owner = nil
        nextOwner = nil
        token += 1
    }
}
