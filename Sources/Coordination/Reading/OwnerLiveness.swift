public import Records

/// Tells living owners of leases from dead ones whose leases have yet to expire: only a renewal that was seen proves life, for a while.
public struct OwnerLiveness: Sendable {
    private struct Sighting {
        var token: Int64
        /// When the lease runs out at the latest, unless it is renewed.
        var latestExpiry: MonotonicTime
        var renewalSeenAt: MonotonicTime?
    }

    private let patience: Duration
    private var sightings: [String: Sighting] = [:]

    /// The store's clock and ours drift apart by less than this while a lease lives: 500 ppm, the most that NTP slews by (RFC 5905), in 100 s.
    private static let drift = Duration.milliseconds(50)

    /// - Parameter patience: how long a renewal proves life: more than the owners' time between two heartbeats.
    public init(patience: Duration) {
        self.patience = patience
    }

    /// Takes in rows that were asked for at `sentAt` and arrived at `receivedAt`. True when each one's owner lives: it is this worker and
    /// holds the lease, or it was seen to renew the lease.
    public mutating func observe(
        _ rows: [Lease], held: Set<HeldLease>, sentAt: MonotonicTime, receivedAt: MonotonicTime
    ) -> Bool {
        var next: [String: Sighting] = [:]
        var everyOwnerLives = true
        for row in rows {
            guard let owner = row.owner, let remaining = row.remaining else {
                everyOwnerLives = false
                continue
            }
            if held.contains(HeldLease(shard: row.shard, owner: owner, token: row.token)) { continue }
            // The store has looked at its clock somewhen between the two: the expiry is known to lie between these.
            let (earliest, latest) = (sentAt + remaining, receivedAt + remaining)
            var sighting = Sighting(token: row.token, latestExpiry: latest)
            if let seen = sightings[row.shard], seen.token == row.token {
                let wasRenewed = earliest - seen.latestExpiry > Self.drift
                sighting.latestExpiry = wasRenewed ? latest : min(seen.latestExpiry, latest)
                sighting.renewalSeenAt = wasRenewed ? receivedAt : seen.renewalSeenAt
            }
            next[row.shard] = sighting
            if !(sighting.renewalSeenAt.map { receivedAt - $0 <= patience } ?? false) { everyOwnerLives = false }
        }
        sightings = next
        return everyOwnerLives
    }
}
