/// The calls that it takes to read shards: `KinesisClient` in earnest, a fake in tests.
public protocol ShardReading: Sendable {
    /// All shards that `filter` admits, with the service's time.
    func shardListing(_ stream: StreamIdentifier, filter: ShardFilter?) async throws(KinesisError) -> ShardListing
    /// An iterator, good for five minutes.
    func shardIterator(_ stream: StreamIdentifier, shard: String, at start: IteratorStart) async throws(KinesisError) -> String
    /// One page, in one attempt: the reader decides what a failure means.
    func getRecords(_ iterator: String, limit: Int, stream: StreamIdentifier) async throws(KinesisError) -> GetRecordsReply
}

/// The calls that a consumer makes beyond those.
public protocol StreamReading: ShardReading {
    /// What the stream is now, without its shards.
    func describeStreamSummary(_ stream: StreamIdentifier) async throws(KinesisError) -> StreamSummary
    /// A subscription of a registered consumer to one shard, in one attempt: returns when the service ends it or `receive` answers false.
    ///
    /// - Parameters:
    ///   - opened: called once, when the service has accepted the call.
    ///   - receive: called for each event, one at a time.
    func subscribe(
        _ consumer: StreamConsumer, _ stream: StreamIdentifier, shard: String, at start: IteratorStart, opened: () -> Void,
        receive: (ShardEvent) async -> Bool
    ) async throws(KinesisError)
    /// The pace of a shard that all its readers of this process keep together.
    func readPace(_ stream: StreamIdentifier, shard: String) -> SharedReadPace
}
