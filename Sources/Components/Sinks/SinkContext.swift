public import Logging
public import Records

/// What a sink is given by the agent that runs it.
public struct SinkContext: Sendable {
    /// The pipeline's name.
    public var pipeline: String
    /// The sink's name in the pipeline file.
    public var node: String
    /// For sinks that write Kinesis.
    public var clients: KinesisClients
    /// Names the pipeline and the node.
    public var logger: Logger
    /// Takes a record that the sink can never write: to the dead letter, or throws to stop the pipeline, as declared.
    public var reject: @Sendable (_ record: SinkRecord, _ failure: Failure) async throws -> Void

    /// Everything is said.
    public init(
        pipeline: String, node: String, clients: KinesisClients, logger: Logger,
        reject: @escaping @Sendable (_ record: SinkRecord, _ failure: Failure) async throws -> Void
    ) {
        self.pipeline = pipeline
        self.node = node
        self.clients = clients
        self.logger = logger
        self.reject = reject
    }
}
