public import Records

/// The leases that this worker believes to hold, and until when it may act on that belief.
///
/// The deadline counts from before a renewal was sent, on this machine's monotonic clock: when it passes, the store may already have
/// given the lease to another worker, whatever the network says.
public struct HeldLeases: Sendable {
    private struct Entry {
        var lease: HeldLease
        var deadline: MonotonicTime
    }

    /// How long a lease lives without a renewal.
    public let duration: Duration
    /// Stop this much before the store would let another worker in.
    private let margin: Duration
    private var entries: [String: Entry] = [:]

    /// No leases. Each lives for `duration` without a renewal.
    public init(duration: Duration) {
        self.duration = duration
        margin = duration / 10
    }

    /// How many are held.
    public var count: Int { entries.count }
    /// All that are held.
    public var all: [HeldLease] { entries.values.map(\.lease) }
    /// The lease of a shard, where it is held.
    public subscript(shard: String) -> HeldLease? { entries[shard]?.lease }

    /// A lease was taken by a request sent at `time`. Answers until when it may be acted on.
    @discardableResult
    public mutating func acquired(_ lease: HeldLease, requestedAt time: MonotonicTime) -> MonotonicTime {
        let deadline = time + duration - margin
        entries[lease.shard] = Entry(lease: lease, deadline: deadline)
        return deadline
    }

    /// Only a renewal of the lease that is held now counts: an answer for an older token says nothing. Answers until when it may be acted on.
    ///
    /// A renewal that tells of another worker's wish prolongs nothing: that worker may take the lease by force once it has waited as long as
    /// a lease lives, and it did not wait yet when the last renewal without a wish was sent.
    @discardableResult
    public mutating func renewed(_ lease: HeldLease, isAskedFor: Bool = false, requestedAt time: MonotonicTime) -> MonotonicTime? {
        guard let entry = entries[lease.shard], entry.lease == lease else { return nil }
        if isAskedFor { return entry.deadline }
        let deadline = max(entry.deadline, time + duration - margin)
        entries[lease.shard]?.deadline = deadline
        return deadline
    }

    /// True when this very lease was held.
    @discardableResult
    public mutating func drop(_ lease: HeldLease) -> Bool {
        guard entries[lease.shard]?.lease == lease else { return false }
        entries[lease.shard] = nil
        return true
    }

    /// Leases that must not be acted on any more; they are no longer held afterwards.
    public mutating func expire(now: MonotonicTime) -> [HeldLease] {
        let expired = entries.values.filter { $0.deadline <= now }.map(\.lease)
        for lease in expired { entries[lease.shard] = nil }
        return expired
    }
}
