import Checkpoints
import Components
public import Coordination
import Kinesis
import Leasing
public import Logging
public import Pipeline
import Records

/// The positions of one pipeline, for people: what the `checkpoints` commands show and change.
public struct PipelineCheckpoints: Sendable {
    private let plan: Plan
    private let store: any CheckpointStore
    private let logger: Logger
    /// How long a lease lives without a heartbeat.
    private let sessionTimeout: Duration

    /// Opens the store that the pipeline file names. Throws a `Failure` where that cannot be reached or keeps nothing.
    public static func open(_ plan: Plan, stateFolder: String, logger: Logger) async throws -> PipelineCheckpoints {
        guard plan.checkpoints.kind != "memory" else {
            throw Failure(
                "nothing_kept", "\(plan.name) keeps its positions in memory, where they end with each run",
                hint: "`checkpoints: {sqlite: {}}` keeps them")
        }
        try StateFolder.prepare(stateFolder)
        let context = StoreContext(pipeline: plan.name, stateFolder: stateFolder, logger: logger)
        let (store, timing) = try await Stores.open(plan.checkpoints, context)
        return PipelineCheckpoints(plan: plan, store: store, logger: logger, sessionTimeout: timing.sessionTimeout)
    }

    /// Closes the store.
    public func close() async { await store.close() }

    /// The sources that the store knows, sorted: streams by their names.
    public func scopes() async throws -> [String] { try await store.scopes() }

    /// The rows of a source, sorted by shard.
    public func leases(_ scope: String) async throws -> [Lease] { try await store.table(scope).leases() }

    /// Where the group began to read a source; nil where it never did.
    public func start(_ scope: String) async throws -> GroupStart? { try await store.table(scope).storedStart() }

    /// The row of a shard, in the one source that has it. Throws a `Failure` where none has, or several have and `scope` names none.
    public func row(_ shard: String, in scope: String?) async throws -> (scope: String, lease: Lease) {
        var found: [(String, Lease)] = []
        for candidate in try await scopes() where scope == nil || candidate == scope {
            found += try await leases(candidate).filter { $0.shard == shard }.map { (candidate, $0) }
        }
        guard let first = found.first else {
            throw Failure(
                "no_such_checkpoint", "\(plan.name) has no position of the shard \(shard)\(scope.map { " of \($0)" } ?? "")",
                hint: "`checkpoints list` shows all")
        }
        guard found.count == 1 else {
            throw Failure(
                "ambiguous_checkpoint", "\(found.map(\.0).joined(separator: " and ")) both have a shard \(shard)",
                hint: "Say which: --source")
        }
        return first
    }

    /// Sets positions, all of them or, where a lease is live and `force` is false, none that could be told to be in use.
    ///
    /// - Throws: a `Failure` that names who holds a shard, and for how long.
    public func set(_ leases: [NewLease], in scope: String, force: Bool) async throws {
        let table = store.table(scope)
        if !force {
            let wanted = Set(leases.map(\.shard))
            // First of all, so that an import is seldom left half done.
            if let row = try await table.leases().first(where: { wanted.contains($0.shard) && $0.isLive && !$0.isFinished }) {
                throw Self.inUse(row.shard, scope, owner: row.owner ?? "", remaining: row.remaining ?? .zero)
            }
        }
        for (lease, outcome) in zip(leases, try await table.overwrite(leases, force: force)) {
            if case .live(let owner, let remaining) = outcome { throw Self.inUse(lease.shard, scope, owner: owner, remaining: remaining) }
        }
    }

    /// Everything that the pipeline's store holds, to be read by `restore`.
    public func export(_ write: ([UInt8]) throws -> Void) async throws {
        for scope in try await scopes() {
            if let start = try await start(scope) { try write(CheckpointLine.start(scope: scope, start).json()) }
            for row in try await leases(scope) {
                let lease = NewLease(
                    shard: row.shard, position: row.position, parents: row.parents, hashRange: row.hashRange, detail: row.detail)
                try write(CheckpointLine.shard(scope: scope, lease).json(owner: row.isLive ? row.owner : nil))
            }
        }
    }

    /// Takes in the lines of an export. A start that is stored already stays. Answers how many shards were set.
    public func restore(_ lines: [CheckpointLine], force: Bool) async throws -> Int {
        var shards: [String: [NewLease]] = [:]
        var starts: [String: GroupStart] = [:]
        for line in lines {
            switch line {
            case .start(let scope, let start): starts[scope] = start
            case .shard(let scope, let lease): shards[scope, default: []].append(lease)
            }
        }
        for (scope, leases) in shards.sorted(by: { $0.key < $1.key }) {
            _ = try await store.table(scope).start(proposing: starts[scope] ?? GroupStart(position: .trimHorizon))
            try await set(leases, in: scope, force: force)
        }
        return shards.values.reduce(0) { $0 + $1.count }
    }

    static func inUse(_ shard: String, _ scope: String, owner: String, remaining: Duration) -> Failure {
        Failure(
            "checkpoint_in_use",
            "the shard \(shard) of \(scope) is held by \(owner) for another \(Duration.seconds(remaining.seconds.rounded(.up)).text)",
            hint: "Stop that agent first, or use --force: it is then refused to store anything more of the shard")
    }
}

// MARK: From async-kinesis

extension PipelineCheckpoints {
    /// Takes over what consumers of async-kinesis have stored under `name` in the Redis at `url`. Parents and hash ranges are those that the
    /// stream has now; shards that it no longer has are left out. Answers how many shards were set.
    ///
    /// - Throws: a `Failure` where a consumer still holds a shard, unless `force` says otherwise.
    public func importFromAsyncKinesis(name: String, url: String, source: String?, force: Bool) async throws -> Int {
        let node = try stream(of: source)
        let found = try await AsyncKinesisPosition.all(
            in: RedisConfiguration(url: url, group: name), sessionTimeout: sessionTimeout, logger: logger)
        if !force, let live = found.first(where: { $0.remaining != nil }) {
            throw Self.inUse(live.shard, node.name, owner: live.owner ?? "a consumer", remaining: live.remaining ?? .zero)
        }
        let clients = KinesisClients(defaults: .init(plan.aws, isEmbedded: false), embeddedURL: nil, logger: logger)
        let shards = try await clients.client(region: node.config.region, endpoint: node.config.endpoint).listShards(node.stream)
        let listed = Dictionary(shards.map { ($0.id, $0) }) { first, _ in first }
        let leases = found.compactMap { position -> NewLease? in
            guard let shard = listed[position.shard], let sequence = position.sequence else { return nil }
            return NewLease(
                shard: shard.id, position: .sequence(sequence, subSequence: nil), parents: shard.parents, hashRange: shard.hashRange)
        }
        _ = try await store.table(node.name).start(proposing: GroupStart(position: .trimHorizon))
        try await set(leases, in: node.name, force: force)
        return leases.count
    }

    private func stream(of source: String?) throws -> (name: String, stream: StreamIdentifier, config: any StreamNodeConfig) {
        let streams = plan.sources.compactMap { node -> (name: String, stream: StreamIdentifier, config: any StreamNodeConfig)? in
            guard let config = node.component.config as? any StreamNodeConfig, let stream = StreamIdentifier(config.stream),
                source == nil || source == node.name || source == stream.name
            else { return nil }
            return (stream.name, stream, config)
        }
        guard streams.count == 1 else {
            throw Failure(
                "no_such_source", streams.isEmpty ? "\(plan.name) reads no such stream" : "\(plan.name) reads several streams",
                hint: "Name the one that the consumers of async-kinesis read: --source")
        }
        return streams[0]
    }
}
