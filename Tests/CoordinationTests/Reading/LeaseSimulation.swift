import Records
import TestSupport

@testable import Coordination

/// Workers that share a model lease table under virtual time, each deciding for itself from what it read.
struct LeaseSimulation {
    struct Member {
        let name: String
        var limit: Int?
        var nextHeartbeat: Int
        /// Hands nothing over although it renews.
        var isStubborn = false
    }

    static let session = 60
    static let heartbeat = 15

    private(set) var now = 0
    private(set) var rows: [Lease]
    private(set) var workers: [Member] = []
    /// Moves that were made, by kind, since the last reset.
    var handoffs = 0
    var acquisitions = 0
    private(set) var violations: [String] = []
    private var expiries: [Int: Int] = [:]
    private var handoffDeadlines: [Int: Int] = [:]
    private var announced: [String: (worker: Worker, until: Int)] = [:]
    private var random: SplitMix64

    init(shards: Int, seed: UInt64) {
        rows = (0..<shards).map { Lease(shard: "shard-\($0)", position: .trimHorizon) }
        random = SplitMix64(seed: seed)
    }

    var loads: [Int] {
        workers.map { worker in rows.count { $0.owner == worker.name && $0.isLive } }
    }

    mutating func join(_ name: String, limit: Int? = nil, isStubborn: Bool = false) {
        workers.append(
            Member(name: name, limit: limit, nextHeartbeat: now + Int.random(in: 0...3, using: &random), isStubborn: isStubborn))
    }

    /// A worker that ends in good order.
    mutating func leave(_ index: Int) {
        let worker = workers.remove(at: index)
        for index in rows.indices where rows[index].owner == worker.name { free(index) }
        announced[worker.name] = nil
    }

    /// A worker that is gone from one moment to the next.
    mutating func die(_ index: Int) {
        workers.remove(at: index)
    }

    /// The shards that a merge or a trim leaves.
    mutating func remove(shardsOf name: String, keeping count: Int) {
        var left = count
        rows.removeAll { row in
            guard row.owner == name else { return false }
            left -= 1
            return left < 0
        }
        // Indices have moved: deadlines are set anew at the next renewals.
        expiries = [:]
        handoffDeadlines = [:]
        for index in rows.indices where rows[index].owner != nil { expiries[index] = now + Self.session }
    }

    /// Lets other tests have their turn now and then.
    mutating func run(seconds: Int) async {
        for _ in 0..<seconds {
            now += 1
            if now.isMultiple(of: 20) { await Task.yield() }
            for index in workers.indices.shuffled(using: &random) where workers[index].nextHeartbeat <= now {
                beat(index)
                workers[index].nextHeartbeat = now + Self.heartbeat + Int.random(in: -1...1, using: &random)
            }
        }
        refreshTimes()
    }

    private mutating func refreshTimes() {
        for index in rows.indices {
            let left = (expiries[index] ?? 0) - now
            rows[index].remaining = rows[index].owner != nil && left > 0 ? .seconds(left) : nil
            rows[index].handoffIsOverdue = rows[index].nextOwner != nil && (handoffDeadlines[index] ?? 0) <= now
        }
    }

    private mutating func beat(_ index: Int) {
        let worker = workers[index]
        refreshTimes()
        for index in rows.indices where rows[index].owner == worker.name && rows[index].isLive {
            if rows[index].nextOwner != nil, !worker.isStubborn { free(index) } else { expiries[index] = now + Self.session }
        }
        refreshTimes()
        let me = Worker(worker.name, capacity: worker.limit)
        announced[worker.name] = (me, now + Self.session)
        let alive = announced.values.filter { $0.until > now }.map(\.worker).sorted { $0.name < $1.name }
        let moves = LeaseAssignment(worker: me).moves(rows: rows, workers: alive)
        for move in moves { make(move, worker) }
        refreshTimes()
        let load = rows.count { $0.owner == worker.name && $0.isLive }
        if let limit = worker.limit, load > limit { violations.append("\(worker.name) holds \(load)") }
    }

    private mutating func make(_ move: LeaseAssignment.Move, _ worker: Member) {
        switch move {
        case .acquire(let shard):
            guard let index = rows.firstIndex(where: { $0.shard == shard }) else { return }
            if rows[index].isLive { violations.append("\(worker.name) wants a live lease of \(rows[index].owner ?? "")") }
            take(index, worker.name)
        case .steal(let shard, let token):
            guard let index = rows.firstIndex(where: { $0.shard == shard && $0.token == token }) else { return }
            if !rows[index].handoffIsOverdue { violations.append("\(worker.name) stole a lease in time") }
            take(index, worker.name)
        case .requestHandoff(let shard, let owner):
            guard let index = rows.firstIndex(where: { $0.shard == shard && $0.owner == owner && $0.nextOwner == nil }) else { return }
            rows[index].nextOwner = worker.name
            handoffDeadlines[index] = now + Self.session
            handoffs += 1
        }
    }

    private mutating func take(_ index: Int, _ owner: String) {
        if let next = rows[index].nextOwner, next != owner, announced[next]?.until ?? 0 > now {
            violations.append("\(owner) took what was promised to \(next)")
        }
        rows[index].owner = owner
        rows[index].token += 1
        rows[index].nextOwner = nil
        rows[index].remaining = .seconds(Self.session)
        expiries[index] = now + Self.session
        acquisitions += 1
    }

    private mutating func free(_ index: Int) {
        rows[index].owner = nil
        rows[index].nextOwner = nil
        rows[index].remaining = nil
        rows[index].token += 1
    }
}
