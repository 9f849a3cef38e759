/// The calls that a consumer makes: `KinesisClient` in earnest, a fake in tests.
public protocol StreamReading: Sendable {
    /// What the stream is now, without its shards.
    func describeStreamSummary(_ stream: StreamIdentifier) async throws(KinesisError) -> StreamSummary
    /// All shards that `filter` admits, with the service's time.
    func shardListing(_ stream: StreamIdentifier, filter: ShardFilter?) async throws(KinesisError) -> ShardListing
    /// An iterator, good for five minutes.
    func shardIterator(_ stream: StreamIdentifier, shard: String, at start: IteratorStart) async throws(KinesisError) -> String
    /// One page, in one attempt: the reader decides what a failure means.
    func getRecords(_ iterator: String, limit: Int, stream: StreamIdentifier) async throws(KinesisError) -> GetRecordsReply
}
