public import Coordination

/// The calls that a consumer makes: `KinesisClient` in earnest, a fake in tests.
public protocol StreamReading: Sendable {
    func listShards(_ stream: StreamIdentifier, filter: ShardFilter?) async throws(KinesisError) -> [Shard]
    func shardIterator(_ stream: StreamIdentifier, shard: String, at start: IteratorStart) async throws(KinesisError) -> String
    func getRecords(_ iterator: String, limit: Int, stream: StreamIdentifier) async throws(KinesisError) -> GetRecordsReply
}
