import Records

/// What one worker does about leases at a heartbeat. Every worker decides for itself from the same rows: there is no leader.
///
/// Shares are even: nobody takes more than the rounded-up share while another lives, and a worker below the rounded-down share asks
/// the most loaded ones to hand over. Hand-overs are cooperative, so that a move costs no duplicate.
public struct LeaseAssignment: Sendable {
    public enum Move: Sendable, Hashable {
        /// Take a free or expired lease.
        case acquire(shard: String)
        /// Take a live lease whose owner was asked and did not answer in time.
        case steal(shard: String, token: Int64)
        case requestHandoff(shard: String, from: String)
    }

    public var worker: String
    /// `max_shard_consumers`: the most leases to hold; nil for no limit.
    public var limit: Int?

    public init(worker: String, limit: Int? = nil) {
        self.worker = worker
        self.limit = limit
    }

    /// - Parameters:
    ///   - rows: the readable rows, see `ShardDiscovery`.
    ///   - workers: all workers alive, this one among them or not.
    public func moves(rows: [Lease], workers: [String]) -> [Move] {
        let alive = Set(workers).union([worker]).sorted()
        let share = rows.count / alive.count
        let roundedUpShare = share + (rows.count % alive.count == 0 ? 0 : 1)
        var load: [String: Int] = [:]
        for row in rows where row.isLive { load[row.owner ?? "", default: 0] += 1 }
        var mine = load[worker, default: 0]
        var moves: [Move] = []

        // A lease promised to this worker counts as its own: asking for more than that would overshoot.
        for row in rows where row.isLive && row.nextOwner == worker && row.owner != worker {
            if row.handoffIsOverdue { moves.append(.steal(shard: row.shard, token: row.token)) }
            mine += 1
            load[row.owner ?? "", default: 0] -= 1
        }

        let most = min(limit ?? .max, roundedUpShare)
        let free = rotated(rows.filter { row in !row.isLive && isMine(promised: row, alive: alive) }, by: alive)
        for row in free.prefix(max(0, most - mine)) {
            moves.append(.acquire(shard: row.shard))
            mine += 1
        }

        // Free leases that others will take make up their shares; only then is anybody overloaded.
        let wanted = min(limit ?? .max, share)
        var candidates = rows.filter { $0.isLive && $0.owner != worker && $0.nextOwner == nil }
        while mine < wanted {
            guard let owner = load.filter({ $0.key != worker && $0.value > share }).max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key,
                let index = candidates.lastIndex(where: { $0.owner == owner })
            else { break }
            moves.append(.requestHandoff(shard: candidates[index].shard, from: owner))
            candidates.remove(at: index)
            load[owner, default: 0] -= 1
            mine += 1
        }
        return moves
    }

    /// A freed lease belongs first to the worker that had asked for it, while that one lives.
    private func isMine(promised row: Lease, alive: [String]) -> Bool {
        guard let next = row.nextOwner, next != worker else { return true }
        return !alive.contains(next)
    }

    /// Each worker begins at another place of the list, so that several that start at once seldom want the same lease.
    private func rotated(_ rows: [Lease], by alive: [String]) -> [Lease] {
        guard let index = alive.firstIndex(of: worker), !rows.isEmpty else { return rows }
        let cut = rows.count * index / alive.count
        return Array(rows[cut...] + rows[..<cut])
    }
}
