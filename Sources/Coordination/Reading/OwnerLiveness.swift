public import Records

/// Tells living owners of leases from dead ones whose leases have yet to expire: only a renewal that was seen proves life.
public struct OwnerLiveness: Sendable {
    private struct Sighting {
        var token: Int64
        var expiry: MonotonicTime
        var wasRenewed: Bool
    }

    private var sightings: [String: Sighting] = [:]

    /// Clocks and round trips blur the time that is left by less than this.
    private static let blur = Duration.milliseconds(250)

    public init() {}

    /// Takes in the rows as read just now. True when each is live and, where it is not `worker`'s own, was seen to be renewed.
    public mutating func observe(_ rows: [Lease], worker: String, now: MonotonicTime) -> Bool {
        var everyOwnerLives = true
        for row in rows {
            guard let remaining = row.remaining else {
                everyOwnerLives = false
                continue
            }
            guard row.owner != worker else { continue }
            let expiry = now + remaining
            if let seen = sightings[row.shard], seen.token == row.token {
                let wasRenewed = seen.wasRenewed || expiry - seen.expiry > Self.blur
                sightings[row.shard] = Sighting(token: row.token, expiry: max(seen.expiry, expiry), wasRenewed: wasRenewed)
            } else {
                sightings[row.shard] = Sighting(token: row.token, expiry: expiry, wasRenewed: false)
            }
            if sightings[row.shard]?.wasRenewed != true { everyOwnerLives = false }
        }
        return everyOwnerLives
    }
}
