/// What AWS lets be read of one shard (Kinesis Data Streams Developer Guide, "Quotas and limits"; API Reference, the operations named).
public enum ShardReadQuota {
    /// GetRecords calls per second, all readers of the shard together.
    public static let callsPerSecond = 5.0
    /// Bytes per second, all polling readers of the shard together.
    public static let bytesPerSecond = 2_097_152.0
    /// Records of one GetRecords reply at most (API Reference, GetRecords, `Limit`).
    public static let recordsPerCall = 10_000
    /// Bytes of one GetRecords reply at most; after such a reply the shard refuses calls for five seconds (API Reference, GetRecords).
    public static let bytesPerCall = 10_485_760
    /// How long an iterator may lie before it is used (API Reference, GetShardIterator).
    public static let iteratorLife = Duration.seconds(300)
    /// Bytes per second that each consumer registered for enhanced fan-out gets of each shard, beside all others.
    public static let fanOutBytesPerSecond = 2_097_152.0
    /// Consumers of one stream that can be registered for enhanced fan-out; 50 with On-demand Advantage (API Reference,
    /// RegisterStreamConsumer).
    public static let consumersPerStream = 20
    /// SubscribeToShard calls per second, of each consumer and shard (API Reference, SubscribeToShard).
    public static let subscribesPerSecond = 1.0
    /// So soon after a call that succeeded, another one of the same consumer and shard is refused; a later one takes over (same page).
    public static let subscriptionExclusive = Duration.seconds(5)
    /// After this time the service ends a subscription (same page).
    public static let subscriptionLife = Duration.seconds(300)
}
