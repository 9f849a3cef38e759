public import Coordination

/// How a producer writes to its stream. The defaults are those of async-kinesis where it has the option.
public struct ProducerConfiguration: Sendable, Hashable {
    /// How long a record may wait for others to fill a request.
    public var bufferTime: Duration = .milliseconds(500)
    /// Records of one request: 1 to 500, AWS's limit.
    public var batchSize = 500
    /// Records accepted and not yet stored, beyond which `put` waits.
    public var maxQueueSize = 10_000
    /// Their bytes, data and partition keys, beyond which `put` waits. One record is accepted whatever its size when nothing waits.
    public var maxQueueBytes = 32 << 20
    /// Records per second and shard (AWS takes 1,000).
    public var putRateLimitPerShard = 1_000.0
    /// Bytes per second and shard, data and partition keys (AWS takes 1 MiB).
    public var putBandwidthLimitPerShard = 1_048_576.0
    /// Whether records of one partition key keep their order.
    public var ordering = ProducerOrdering.perKey
    /// Requests under way at once.
    public var maxInFlight = 16
    /// Bytes of one record, data and partition key: what the stream is set to, 1 MiB to 10 MiB.
    public var maxRecordSize = 1_048_576

    /// The defaults above.
    public init() {}

    /// For each request that may be under way, an average share of all bytes.
    private static let bytesInFlight = 256 << 10

    var limits: ProducerLimits {
        var limits = ProducerLimits()
        limits.bufferTime = bufferTime
        limits.batchSize = batchSize
        limits.recordBytes = maxRecordSize
        limits.maxInFlight = maxInFlight
        limits.inFlightBytes = maxInFlight * Self.bytesInFlight
        limits.ordering = ordering
        limits.pace = ShardPace.Limits(records: putRateLimitPerShard, bytes: putBandwidthLimitPerShard)
        return limits
    }
}
