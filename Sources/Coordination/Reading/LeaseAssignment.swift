import Records

/// What one worker does about leases at a heartbeat. Every worker decides for itself from the same rows: there is no leader.
///
/// Shares are even: nobody takes more than the rounded-up share while another lives, and a worker asks the most loaded ones that have at
/// least two more than itself to hand over. Hand-overs are cooperative, so that a move costs no duplicate.
public struct LeaseAssignment: Sendable {
    /// One step; the store may refuse it when the row has changed.
    public enum Move: Sendable, Hashable {
        /// Take a free or expired lease.
        case acquire(shard: String)
        /// Take a live lease whose owner was asked and did not answer in time.
        case steal(shard: String, token: Int64)
        case requestHandoff(shard: String, from: String)
    }

    /// The worker that decides.
    public var worker: String
    /// `max_shard_consumers`: the most leases to hold; nil for no limit.
    public var limit: Int?

    /// See the properties.
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
        let roundedUpShare = rows.count % alive.count == 0 ? share : share + 1
        var load = Self.load(rows)
        var moves: [Move] = []
        for row in rows where row.isLive && row.nextOwner == worker && row.owner != worker && row.handoffIsOverdue {
            moves.append(.steal(shard: row.shard, token: row.token))
        }

        // What a worker below the rounded-down share waits for is not for one above it: it would ask for it again at once.
        let most = min(limit ?? .max, roundedUpShare)
        let isFree = rows.filter { row in !row.isLive && !isPromised(row, to: alive, below: roundedUpShare, load) }
        let free = isFree.filter { $0.nextOwner == worker } + rotated(isFree.filter { $0.nextOwner != worker }, by: alive)
        let due = alive.reduce(0) { $0 + max(0, share - load[$1, default: 0]) }
        let fairMost = free.count > due ? most : min(most, share)
        for row in free.prefix(max(0, fairMost - load[worker, default: 0])) {
            moves.append(.acquire(shard: row.shard))
            load[worker, default: 0] += 1
        }

        // Free leases that others will take make up their shares; only a worker with two more than this one can spare one.
        var candidates = rows.filter { $0.isLive && $0.owner != worker && $0.nextOwner == nil }
        while load[worker, default: 0] < most {
            let mine = load[worker, default: 0]
            guard let owner = load.filter({ $0.value >= mine + 2 }).max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key,
                let index = candidates.lastIndex(where: { $0.owner == owner })
            else { break }
            moves.append(.requestHandoff(shard: candidates[index].shard, from: owner))
            candidates.remove(at: index)
            load[owner, default: 0] -= 1
            load[worker, default: 0] += 1
        }
        return moves
    }

    /// Leases by worker. One that is promised counts as the next owner's already: asking for more than that would overshoot.
    private static func load(_ rows: [Lease]) -> [String: Int] {
        var load: [String: Int] = [:]
        for row in rows where row.isLive {
            if let holder = row.nextOwner ?? row.owner { load[holder, default: 0] += 1 }
        }
        return load
    }

    /// A freed lease belongs first to the worker that had asked for it, while that one lives and has room for it.
    private func isPromised(_ row: Lease, to alive: [String], below share: Int, _ load: [String: Int]) -> Bool {
        guard let next = row.nextOwner, next != worker else { return false }
        return alive.contains(next) && load[next, default: 0] < share
    }

    /// Each worker begins at another place of the list, so that several that start at once seldom want the same lease.
    private func rotated(_ rows: [Lease], by alive: [String]) -> [Lease] {
        guard let index = alive.firstIndex(of: worker), !rows.isEmpty else { return rows }
        let cut = rows.count * index / alive.count
        return Array(rows[cut...] + rows[..<cut])
    }
}
