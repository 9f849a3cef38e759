public import Records

/// What one worker knows of a stream's shards, and what it does next about their leases: rows in, a step out.
///
/// No clock, no store: whoever drives it lists shards when asked to, reads the rows, and makes the moves.
public struct ConsumerState: Sendable {
    /// The rows of the lease table as a worker saw them, with what it knows of itself.
    public struct View: Sendable {
        /// All rows.
        public var rows: [Lease]
        /// All workers that have announced themselves.
        public var workers: [Worker]
        /// The leases that are held here.
        public var held: Set<HeldLease>
        /// Shards that are still being read or given up here, with a lease or without.
        public var busy: Set<String>
        /// When the rows were asked for.
        public var sentAt: MonotonicTime
        /// When they arrived.
        public var receivedAt: MonotonicTime

        /// See the properties.
        public init(
            rows: [Lease], workers: [Worker], held: Set<HeldLease>, busy: Set<String>, sentAt: MonotonicTime, receivedAt: MonotonicTime
        ) {
            self.rows = rows
            self.workers = workers
            self.held = held
            self.busy = busy
            self.sentAt = sentAt
            self.receivedAt = receivedAt
        }
    }

    /// What follows from a view.
    public struct Step: Sendable {
        /// The store may have lost where the group began: it is to be told again, before anything else.
        public var restatesStart = false
        /// Rows to be created before the moves are made.
        public var creations: [NewLease] = []
        /// Leases to be taken and asked for.
        public var moves: [LeaseAssignment.Move] = []
        /// Leases held here that others have asked for.
        public var handovers: [HeldLease] = []
        /// How long until something new can be expected.
        public var pause: Duration
        /// Nothing is to be taken or given, nothing was promised to this worker, and the hash space has no hole.
        public var isSettled = false
        /// Every shard that is left to be read is held by a worker that was seen alive, and nothing moves.
        public var isComplete = false
    }

    /// At the last step there were more shards than all workers may hold together.
    public private(set) var leavesSomeUnread = false
    /// Where shards without a row begin.
    public var start: Position
    /// The shards of the last listing.
    public private(set) var graph = ShardGraph()

    private let assignment: LeaseAssignment
    private let heartbeat: Duration
    private let discoveryInterval: Duration
    private var liveness: OwnerLiveness
    private var audit = CoverageAudit()
    private var listedAt: MonotonicTime?
    private var lastRows: [Lease] = []
    /// Unlisted shards that the last listing was asked about.
    private var known: Set<String> = []

    /// Two listings in answer to what rows say are at least so far apart.
    private static let listingPause = Duration.seconds(1)
    /// A hole, or a lease on its way, is looked after again so soon.
    private static let impatience = Duration.seconds(1)

    /// - Parameters:
    ///   - heartbeat: how often all workers renew their leases.
    ///   - discoveryInterval: how often shards are listed although nothing asks for it.
    public init(worker: Worker, start: Position, heartbeat: Duration, discoveryInterval: Duration) {
        self.start = start
        self.heartbeat = heartbeat
        self.discoveryInterval = discoveryInterval
        assignment = LeaseAssignment(worker: worker)
        // An owner may miss one heartbeat and still be alive.
        liveness = OwnerLiveness(patience: heartbeat * 2.5)
    }

    /// The rows as they were last seen, for a store that has lost them: what had been stored was true, and so it still is.
    public var remembered: [NewLease] {
        lastRows.map {
            NewLease(shard: $0.shard, position: $0.position, parents: $0.parents, hashRange: $0.hashRange, detail: $0.detail)
        }
    }

    /// Parts of the hash space that no row covers.
    public var holes: [HashRange] { audit.holes }

    /// True when the shards have to be listed before a step is made of this view.
    public func needsListing(_ view: View) -> Bool {
        guard let listedAt else { return true }
        let age = view.receivedAt - listedAt
        if age >= discoveryInterval { return true }
        guard age >= min(Self.listingPause, discoveryInterval) else { return false }
        return !audit.confirmed.isEmpty || !graph.unlisted(rows: view.rows).isSubset(of: known)
    }

    /// A full listing, asked for at `time`.
    public mutating func listed(_ shards: [Shard], at time: MonotonicTime, rows: [Lease] = []) {
        graph = ShardGraph(shards)
        listedAt = time
        known = graph.unlisted(rows: rows)
        audit.listed()
    }

    /// What to do now.
    public mutating func step(_ view: View) -> Step {
        if !view.rows.isEmpty { lastRows = view.rows }
        let creations = graph.missing(rows: view.rows, start: start)
        let rows = view.rows + creations.map(Lease.init)
        audit.observe(graph.holes(rows: rows))
        let readable = graph.readable(rows: rows)
        var step = Step(creations: creations, pause: heartbeat)
        step.restatesStart = !creations.isEmpty || view.rows.contains { $0.position.isLaterMoment(than: start) }
        step.handovers = rows.compactMap { $0.nextOwner == nil ? nil : $0.heldLease }.filter(view.held.contains)
        step.moves = assignment.moves(rows: readable, workers: view.workers).filter { !view.busy.contains($0.shard) }
        step.moves += strays(readable, view)
        let ownersLive = liveness.observe(readable, held: view.held, sentAt: view.sentAt, receivedAt: view.receivedAt)
        let isPromised = readable.contains { $0.nextOwner == assignment.worker.name }
        step.isSettled = step.moves.isEmpty && step.handovers.isEmpty && audit.holes.isEmpty && !isPromised
        step.isComplete = ownersLive && step.isSettled && readable.count == rows.count { !$0.isFinished }
        leavesSomeUnread = assignment.leavesSomeUnread(rows: readable, workers: view.workers)
        let isWatched = !step.isSettled || assignment.holdsTooMany(rows: readable, workers: view.workers)
        step.pause = isWatched ? min(heartbeat / 10, Self.impatience) : pause(readable)
        return step
    }

    /// Leases in this worker's name that it does not know of: the answer to their acquisition was lost, or it gave them up too early.
    private func strays(_ rows: [Lease], _ view: View) -> [LeaseAssignment.Move] {
        let held = Set(view.held.map(\.shard))
        return rows.filter { row in
            row.isLive && row.owner == assignment.worker.name && !held.contains(row.shard) && !view.busy.contains(row.shard)
        }.map { .steal(shard: $0.shard, token: $0.token) }
    }

    private func pause(_ rows: [Lease]) -> Duration {
        let name = assignment.worker.name
        // A dead worker's leases are free the moment they expire.
        let expiry = rows.lazy.filter { $0.owner != name }.compactMap(\.remaining).min()
        return min(heartbeat, expiry.map { $0 + .milliseconds(50) } ?? heartbeat)
    }
}

extension Position {
    /// Both are moments to begin at, and this one would leave out what lies between them.
    public func isLaterMoment(than other: Position) -> Bool {
        guard case .timestamp(let mine) = self, case .timestamp(let theirs) = other else { return false }
        return mine > theirs
    }
}

extension LeaseAssignment.Move {
    /// The shard that it is about.
    public var shard: String {
        switch self {
        case .acquire(let shard), .steal(let shard, _), .requestHandoff(let shard, _): shard
        }
    }
}

extension Lease {
    /// The row of a lease that is about to be created.
    init(_ new: NewLease) {
        self.init(shard: new.shard, position: new.position, parents: new.parents, hashRange: new.hashRange, detail: new.detail)
    }

    /// What the owner was given.
    fileprivate var heldLease: HeldLease? { owner.map { HeldLease(shard: shard, owner: $0, token: token) } }
}
