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
    /// Shards of a new stream in on-demand mode.
    static let onDemandShards = 4
    /// Shards of all streams together: AWS's largest account quota, and a bound on what one request can make us allocate.
    static let openShards = 10_000
}
