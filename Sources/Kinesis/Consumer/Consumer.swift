public import Coordination
public import Leasing
public import Logging
import Records
import Synchronization

/// Reads a stream's shards, as many as are this worker's share: one task a shard.
public final class Consumer: Sendable {
    struct State {
        /// A shard's reader until all that it gave is acknowledged, or never will be.
        var readers: [String: ShardStatus] = [:]
        /// Leases that were taken and have no reader yet.
        var acquired: [HeldShard] = []
        /// By the last look: the leases held here, where all other shards had living owners.
        var completeWith: Set<HeldLease>?
        /// Where the group began, and in which stream.
        var start: GroupStart?
        /// The shards have to be listed whatever the rows say.
        var mustList = false
        /// Shards whose readers have no iterator yet.
        var opening: Set<String> = []
        /// At least one look has ended well.
        var hasLooked = false
        var isReady = false
        var failure: (any Error)?
    }

    let stream: StreamIdentifier
    let client: any StreamReading
    let table: any LeaseTable
    let worker: String
    let configuration: ConsumerConfiguration
    let receiver: any ShardPageReceiver
    let logger: Logger
    let holder: LeaseHolder
    let readAhead: ReadAhead
    let bell = Bell()
    let state = Mutex(State())
    let metrics: ConsumerMetrics

    /// - Parameter worker: unique to this process and run.
    public init(
        stream: StreamIdentifier, client: any StreamReading, table: any LeaseTable, worker: String,
        configuration: ConsumerConfiguration, receiver: any ShardPageReceiver, logger: Logger
    ) {
        self.stream = stream
        self.client = client
        self.table = table
        self.worker = worker
        self.configuration = configuration
        self.receiver = receiver
        self.logger = logger
        readAhead = ReadAhead(records: configuration.maxQueueSize)
        holder = LeaseHolder(
            table: table, worker: worker, timing: configuration.leases, logger: logger, dimensions: configuration.metricDimensions)
        metrics = ConsumerMetrics(dimensions: configuration.metricDimensions)
    }

    /// This worker as it announces itself.
    var me: Worker { Worker(worker, capacity: configuration.maxShardConsumers) }

    /// Every shard that this worker had taken at its first look, or since, has an iterator: records that arrive from here on are read.
    /// Once true, it stays so.
    public var isReady: Bool { state.withLock { $0.isReady } }

    /// Notes a change, and tells once when it makes the consumer ready.
    func noteReady(_ change: (inout State) -> Void) {
        let shards = state.withLock { state -> Int? in
            change(&state)
            guard !state.isReady, state.hasLooked, state.opening.isEmpty else { return nil }
            state.isReady = true
            return state.readers.count
        }
        guard let shards else { return }
        logger.notice("ready: every shard of this agent is being read", metadata: ["stream": "\(stream.name)", "shards": "\(shards)"])
    }

    /// Every shard has a living owner, this worker's are at their tips, and all that they gave is acknowledged.
    public var isIdle: Bool {
        let (completeWith, readers) = state.withLock { ($0.completeWith, $0.readers) }
        let shards = holder.shards
        // A lease that came or went since the last look makes it worthless.
        return Set(shards.map(\.lease)) == completeWith
            && shards.allSatisfy { readers[$0.lease.shard]?.isAtTip ?? false && $0.progress.outstanding == 0 }
    }

    /// Reads until `draining` opens; then waits for `settled` (all that was received is acknowledged, or will never be), stores the
    /// last positions and gives the leases back.
    ///
    /// - Parameters:
    ///   - onReadingEnded: called once, when nothing more will be received.
    ///   - onFailure: called at once when a shard cannot be read on; the error is thrown at the end as well.
    /// - Throws: `KinesisError`, the store's `Failure`, or what the receiver threw.
    public func run(
        draining: Latch, settled: Latch, onReadingEnded: @Sendable () -> Void, onFailure: @escaping @Sendable (any Error) -> Void
    ) async throws {
        guard let begun = try await begin(unless: draining) else { return onReadingEnded() }
        let ended = Latch()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.holder.run(until: ended) }
            group.addTask {
                await draining.wait()
                self.bell.ring()
            }
            // The leases are kept until the last shard is finished or handed over, and all is settled.
            await withDiscardingTaskGroup { shards in
                await self.balance(begun, until: draining, onFailure: onFailure) { shard, status in
                    shards.addTask { await self.follow(shard, status, settled: settled, onFailure: onFailure) }
                }
                for shard in self.holder.shards { shard.stop.open() }
                for reader in self.state.withLock({ $0.readers.values.map(\.hasRead) }) { await reader.wait() }
                // Sinks may need to hear this before they acknowledge their last records: nothing waits for them until then.
                onReadingEnded()
            }
            await settled.wait()
            ended.open()
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    func fail(_ error: any Error, _ onFailure: @Sendable (any Error) -> Void) {
        if Task.isCancelled { return }
        state.withLock { $0.failure = $0.failure ?? error }
        onFailure(error)
    }
}
