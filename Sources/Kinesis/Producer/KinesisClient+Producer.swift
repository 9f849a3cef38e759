public import Coordination

extension KinesisClient: PutRecordsTransport {
    /// One attempt: what is repeated, and when, is the producer's decision.
    public func putRecords(_ stream: StreamIdentifier, _ entries: [PutEntry]) async throws(KinesisError) -> [PutResult] {
        try await putRecords(stream, entries, retry: .never)
    }

    /// The shards that are open at the latest record.
    public func openShards(_ stream: StreamIdentifier) async throws(KinesisError) -> [Shard] {
        try await listShards(stream, filter: .atLatest)
    }
}
