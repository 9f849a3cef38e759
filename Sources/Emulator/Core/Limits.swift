/// Sizes and counts of the Kinesis API (Amazon Kinesis Data Streams Developer Guide, "Quotas and limits", and the actions' reference).
enum Limits {
    /// Shard iterators can be used this long after they were issued (GetShardIterator).
    static let iteratorLifeMilliseconds: Int64 = 300_000
    /// NextToken of ListShards and ListStreams (ListShards).
    static let pageTokenLifeMilliseconds: Int64 = 300_000
    /// GetRecords: records in one reply.
    static let recordsPerReply = 10_000
    /// GetRecords: bytes of data and partition keys in one reply.
    static let bytesPerReply = 10 << 20
    /// PutRecords: bytes of data and partition keys in one request.
    static let bytesPerPut = 10 << 20
    /// Data and partition key of one record, in KiB, unless the stream was created with another limit.
    static let recordKibibytes = 1_024
    /// Shards of a page of ListShards without `MaxResults`.
    static let shardsPerPage = 1_000
    /// Shards of a page of DescribeStream.
    static let shardsPerDescription = 100
    /// Streams of a page of ListStreams.
    static let streamsPerPage = 100
    /// Streams that are CREATING at once (CreateStream).
    static let streamsBeingCreated = 5
    /// Shards of a new stream in on-demand mode.
    static let onDemandShards = 4
    /// Shards of all streams together: AWS's largest account quota, and a bound on what one request can make us allocate.
    static let openShards = 10_000
    /// Consumers registered with one stream (RegisterStreamConsumer).
    static let consumersPerStream = 20
    /// Consumers of one stream that are CREATING at once (RegisterStreamConsumer).
    static let consumersBeingCreated = 5
    /// Consumers of a page of ListStreamConsumers without `MaxResults`.
    static let consumersPerPage = 100
    /// Tags of one resource (TagResource).
    static let tagsPerResource = 50
    /// A day to a year (IncreaseStreamRetentionPeriod, DecreaseStreamRetentionPeriod).
    static let retentionHours = 24...8_760
    /// MiB per second (UpdateStreamWarmThroughput: "10 GiBps").
    static let warmThroughput = 10_240
    /// Streams in on-demand mode (DescribeLimits).
    static let onDemandStreams = 50
    /// Bytes of a resource policy (AWS IAM User Guide, "IAM and AWS STS quotas", resource-based policies of this service: 20 KB).
    static let policyLength = 20_480
}
