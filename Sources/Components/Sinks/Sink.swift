public import Pipeline
public import Records

/// A record on its way into a sink, with the batch that waits for it.
public struct SinkRecord: Sendable {
    /// What is to be written.
    public var record: Record
    /// To be acknowledged once.
    public var delivery: Delivery

    /// A record that `delivery` waits for.
    public init(_ record: Record, delivery: Delivery) {
        self.record = record
        self.delivery = delivery
    }
}

/// Records on their way into a sink, in their order, with the batch that waits for them.
public struct SinkBatch: Sendable {
    /// What is to be written.
    public var records: RecordBatch
    /// To be acknowledged once for each of them.
    public var delivery: Delivery

    /// Records that `delivery` waits for.
    public init(_ records: RecordBatch, delivery: Delivery) {
        self.records = records
        self.delivery = delivery
    }

    /// Records that `delivery` waits for.
    public init(_ records: [Record], delivery: Delivery) {
        self.init(RecordBatch(records), delivery: delivery)
    }
}

/// Where records go. A sink acknowledges each record once it is durable, and hands back those that it can never take.
public protocol Sink: Sendable {
    /// Takes records on, in order; waits while the sink's queue is full. Throws once the sink has failed.
    func write(_ batch: SinkBatch) async throws
    /// Does the sink's work until `finish()` was called and all is durable. Throws a `Failure` when it cannot go on.
    func run() async throws
    /// No more writes will come: hurry, and let `run()` return.
    func finish()
}

/// A kind of sink: what a pipeline file may say of it, and how it is made.
public protocol SinkComponent: Sink {
    associatedtype Config: ComponentConfig
    /// Its type key in a pipeline file.
    static var kind: String { get }
    /// One sentence.
    static var summary: String { get }
    static func make(_ config: Config, _ context: SinkContext) async throws -> Self
}
