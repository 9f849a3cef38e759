public import Coordination
public import Leasing
public import Logging
import Records

/// Takes a source's records into the pipeline.
public protocol ItemReceiver: Sendable {
    /// Returns when every sink has taken the records on (backpressure); their last position is then registered in `progress`.
    /// Throws when the pipeline has to stop, having taken on what came before the record that stops it.
    func deliver(_ items: SourceItems, progress: ShardProgress) async throws
}

/// What a source is given by the agent that runs it.
public struct SourceContext: Sendable {
    /// The pipeline's name.
    public var pipeline: String
    /// The source's name in the pipeline file.
    public var node: String
    /// For sources that read Kinesis.
    public var clients: KinesisClients
    /// Where positions are kept.
    public var store: any CheckpointStore
    /// Names this process and run in leases.
    public var worker: String
    /// The rhythm of leases in the store.
    public var leases: LeaseTiming
    /// Open: read no more.
    public var draining: Latch
    /// Open: everything that was read is acknowledged, or never will be.
    public var settled: Latch
    /// Where records go.
    public var receiver: any ItemReceiver
    /// Names the pipeline and the node.
    public var logger: Logger
    /// To be called once, when nothing more will be delivered.
    public var readingEnded: @Sendable () -> Void
    /// Reports at once that the source cannot go on; it still has to end in good order.
    public var failed: @Sendable (any Error) -> Void

    /// Everything is said.
    public init(
        pipeline: String, node: String, clients: KinesisClients, store: any CheckpointStore, worker: String, leases: LeaseTiming,
        draining: Latch, settled: Latch, receiver: any ItemReceiver, logger: Logger,
        readingEnded: @escaping @Sendable () -> Void, failed: @escaping @Sendable (any Error) -> Void
    ) {
        self.pipeline = pipeline
        self.node = node
        self.clients = clients
        self.store = store
        self.worker = worker
        self.leases = leases
        self.draining = draining
        self.settled = settled
        self.receiver = receiver
        self.logger = logger
        self.readingEnded = readingEnded
        self.failed = failed
    }
}
