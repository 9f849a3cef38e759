import Coordination
import Records

/// What a transition knows of the moment in which it happens.
struct LeaseMoment {
    /// Milliseconds on the store's clock.
    let now: Int64
    /// Whether a worker is known to be dead, so that its leases need not run out first.
    let isGone: (_ worker: String) -> Bool

    init(now: Int64, isGone: @escaping (_ worker: String) -> Bool = { _ in false }) {
        self.now = now
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
        token += 1
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
        guard self.owner == owner, nextOwner == nil, isLive(at: moment) else { return false }
        nextOwner = next
        handoffDeadline = moment.now + grace.wholeMilliseconds
        return true
    }

    mutating func release(_ lease: HeldLease) {
        if isHeld(by: lease) { free() }
    }

    /// The token grows, so that the former owner's late writes are refused even if it takes the lease again.
    private mutating func free() {
        owner = nil
        nextOwner = nil
        token += 1
    }
}
