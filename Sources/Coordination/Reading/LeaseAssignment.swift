import Records

/// What one worker does about leases at a heartbeat. Every worker decides for itself from the same rows: there is no leader.
///
/// Nobody takes more than its fair share while another who has room lives, and a worker asks the most loaded ones that have at least two
/// more than itself to hand over: a smaller difference moves nothing, so that nothing goes back and forth. Hand-overs are cooperative, so
/// that a move costs no duplicate.
public struct LeaseAssignment: Sendable {
    /// One step; the store may refuse it when the row has changed.
    public enum Move: Sendable, Hashable {
        /// Take a free or expired lease.
        case acquire(shard: String)
        /// Take a live lease whose owner was asked and did not answer in time.
        case steal(shard: String, token: Int64)
        case requestHandoff(shard: String, from: String)
    }

    /// Leases that a worker takes, and leases that it has asked for, at one time: each means iterators to be opened, by the stream's quota,
    /// and an owner that stops reading.
    public static let mostMoves = 200

    /// The worker that decides, and the most leases that it may hold.
    public var worker: Worker

    /// See the properties.
    public init(worker: Worker) {
        self.worker = worker
    }

    private var name: String { worker.name }

    /// - Parameters:
    ///   - rows: the readable rows, see `ShardGraph`.
    ///   - workers: all workers alive, this one among them or not.
    public func moves(rows: [Lease], workers: [Worker]) -> [Move] {
        let rows = shared(rows)
        let alive = alive(workers)
        let shares = FairShares(shards: rows.count, workers: alive)
        var load = Self.load(rows)
        var moves: [Move] = []
        for row in rows where row.isLive && row.nextOwner == name && row.owner != name && row.handoffIsOverdue {
            moves.append(.steal(shard: row.shard, token: row.token))
        }
        let wanted = wanted(rows, alive, shares, load)
        moves += wanted.prefix(Self.mostMoves).map { .acquire(shard: $0) }
        // What waits for the next time is as good as had: nobody need be asked for more.
        load[name, default: 0] += wanted.count
        return moves + requests(rows, shares, load)
    }

    /// This worker holds more than its share, and nobody has asked for it yet: somebody will soon.
    public func holdsTooMany(rows: [Lease], workers: [Worker]) -> Bool {
        let rows = shared(rows)
        return Self.load(rows)[name, default: 0] > FairShares(shards: rows.count, workers: alive(workers)).most(name)
    }

    /// There are more shards than all workers alive may hold together.
    public func leavesSomeUnread(rows: [Lease], workers: [Worker]) -> Bool {
        FairShares(shards: shared(rows).count, workers: alive(workers)).isOverfull
    }

    /// What another program's worker holds is neither ours to share nor to be had for the asking.
    private func shared(_ rows: [Lease]) -> [Lease] { rows.filter { !($0.isForeign && $0.isLive) } }

    private func alive(_ workers: [Worker]) -> [Worker] {
        (workers.filter { $0.name != name } + [worker]).sorted { $0.name < $1.name }
    }

    /// Free leases to take, as many as this worker should.
    private func wanted(_ rows: [Lease], _ alive: [Worker], _ shares: FairShares, _ load: [String: Int]) -> [String] {
        let names = Set(alive.map(\.name))
        let mine = load[name, default: 0]
        let free = rows.filter { row in !row.isLive && !isPromised(row, to: names, shares, load) }
        let inOrder = free.filter { $0.nextOwner == name } + rotated(free.filter { $0.nextOwner != name }, by: alive)
        // What a worker below its least share waits for is not for one above it: it would ask for it again at once.
        let due = alive.reduce(0) { $0 + max(0, shares.least($1.name) - load[$1.name, default: 0]) }
        let most = free.count > due ? shares.most(name) : shares.least(name)
        return inOrder.prefix(max(0, most - mine)).map(\.shard)
    }

    /// Live leases to ask for. Free ones that others will take make up their shares; only a worker with two more than this one can spare one.
    private func requests(_ rows: [Lease], _ shares: FairShares, _ load: [String: Int]) -> [Move] {
        var load = load
        var candidates: [String: [String]] = [:]
        for row in rows where row.isLive && row.nextOwner == nil {
            if let owner = row.owner, owner != name { candidates[owner, default: []].append(row.shard) }
        }
        let isAwaited = rows.count { $0.isLive && $0.nextOwner == name && $0.owner != name }
        var moves: [Move] = []
        while load[name, default: 0] < shares.most(name), moves.count + isAwaited < Self.mostMoves {
            let least = load[name, default: 0] + 2
            let owners = candidates.keys.filter { load[$0, default: 0] >= least }
            guard let owner = owners.max(by: { (load[$0, default: 0], $1) < (load[$1, default: 0], $0) }),
                let shard = candidates[owner]?.popLast()
            else { break }
            if candidates[owner]?.isEmpty == true { candidates[owner] = nil }
            moves.append(.requestHandoff(shard: shard, from: owner))
            load[owner, default: 0] -= 1
            load[name, default: 0] += 1
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
    private func isPromised(_ row: Lease, to alive: Set<String>, _ shares: FairShares, _ load: [String: Int]) -> Bool {
        guard let next = row.nextOwner, next != name else { return false }
        return alive.contains(next) && load[next, default: 0] < shares.most(next)
    }

    /// Each worker begins at another place of the list, so that several that start at once seldom want the same lease.
    private func rotated(_ rows: [Lease], by alive: [Worker]) -> [Lease] {
        guard let index = alive.firstIndex(where: { $0.name == name }), !rows.isEmpty else { return rows }
        let cut = rows.count * index / alive.count
        return Array(rows[cut...] + rows[..<cut])
    }
}
