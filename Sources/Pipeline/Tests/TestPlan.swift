public import Records

/// One of a pipeline's `tests:`: what is sent, and what has to come of it.
public struct TestPlan: Sendable {
    /// What the pipeline should do, in the words of the file.
    public let name: String
    /// Where the test stands.
    public let mark: Mark
    /// One after the other, with the state that the steps have kept.
    public let phases: [Phase]

    /// A part of a test.
    public struct Phase: Sendable {
        /// How far the clock is put on before anything is sent.
        public let after: Duration
        /// In the order of the file.
        public let sent: [SentRecord]
        /// In the order of the file.
        public let expectations: [Expectation]
    }

    /// A record as a source would have decoded it.
    public struct SentRecord: Sendable {
        /// The name of the source.
        public let source: String
        /// The record.
        public let value: Value
        /// Where it was read; what is nil is made up.
        public let meta: TestMeta
    }

    /// What has to arrive at a sink, no more and no less, in order.
    public struct Expectation: Sendable {
        /// The name of the sink; nil for the dead letter.
        public let sink: String?
        /// In order.
        public let records: [Value]
        /// Fields that are not named must not be there.
        public let isExact: Bool
        /// Where the expectation stands.
        public let mark: Mark
    }
}

/// The part of a sent record that says where it was read.
public struct TestMeta: ComponentConfig {
    /// As `meta.stream`.
    public var stream: String?
    /// As `meta.shard`.
    public var shard: String?
    /// As `meta.sequence`.
    public var sequence: String?
    /// As `meta.sub_sequence`.
    public var subSequence: Int?
    /// As `meta.partition_key`.
    public var partitionKey: String?
    /// As `meta.arrived_at`.
    public var arrivedAt: TimestampSetting?
    /// As `meta.file`.
    public var file: String?
    /// As `meta.offset`.
    public var offset: Int?

    /// Nothing is said.
    public init() {}

    /// The fields of `meta`, but for `source`, which is the one that the record is sent from.
    public static let fields: [Field<Self>] = [
        Field("stream", \.stream, otherwise: "the source's", "The Kinesis stream."),
        Field("shard", \.shard, otherwise: "`shardId-000000000000`", "The Kinesis shard."),
        Field("sequence", \.sequence, otherwise: "counted up", "The Kinesis sequence number."),
        Field("sub_sequence", \.subSequence, otherwise: "0", "The index inside of a KPL aggregate."),
        Field("partition_key", \.partitionKey, otherwise: "none", "The Kinesis partition key."),
        Field("arrived_at", \.arrivedAt, otherwise: "the test's clock, which begins at 2026-01-01T00:00:00Z", "When the record arrived."),
        Field("file", \.file, otherwise: "none", "The path of the file."),
        Field("offset", \.offset, otherwise: "none", "The offset of the record in its file."),
    ]
}
