public import Leasing

/// Where a shard without a position begins.
public enum InitialPosition: Sendable, Hashable {
    /// The oldest record that the stream still keeps.
    case trimHorizon
    /// Resolved once for the whole group to the moment of the first start.
    case latest
    /// Milliseconds since 1970, UTC.
    case timestamp(Int64)
}

/// What to do about a stream that was deleted and created anew under its name: stored positions are not its own.
public enum RecreatedStreamPolicy: Sendable, Hashable {
    /// End with an explanation.
    case stop
    /// Forget the positions and read the new stream from its beginning.
    case startOver
}

/// How a stream is read. The defaults are those of async-kinesis.
public struct ConsumerConfiguration: Sendable {
    /// Where a shard without a position begins.
    public var initialPosition: InitialPosition = .trimHorizon
    /// Records asked for in one GetRecords: 1 to 10,000 (API model).
    public var recordLimit = 10_000
    /// The most shards that this worker reads at once; nil for all.
    public var maxShardConsumers: Int?
    /// The pause after an empty reply at the tip of a shard.
    public var sleepTimeNoRecords = Duration.seconds(2)
    /// GetRecords calls per second and shard at the tip; behind it, a reader goes up to the quota of 5.
    public var shardFetchRate = 1.0
    /// Records in hand over all shards: each reader asks for its part of them at a time.
    public var maxQueueSize = 10_000
    /// How leases are kept and positions stored.
    public var leases = LeaseTiming()
    /// How often ListShards is asked for shards that nobody told us of.
    public var discoveryInterval = Duration.seconds(60)
    /// Enhanced fan-out; nil to read by polling.
    public var fanOut: FanOut?

    /// What to do when the stream turns out to be another one than that whose positions are stored.
    public var onRecreated = RecreatedStreamPolicy.stop
    /// The dimensions of the consumer's metrics: pipeline, node and stream.
    public var metricDimensions: [(String, String)] = []

    /// The defaults.
    public init() {}
}
