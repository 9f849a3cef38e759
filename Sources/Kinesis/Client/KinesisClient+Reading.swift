extension KinesisClient: StreamReading {
    /// One attempt: the reader of the shard decides what a failure means.
    public func getRecords(_ iterator: String, limit: Int, stream: StreamIdentifier) async throws(KinesisError) -> GetRecordsReply {
        try await getRecords(iterator, limit: limit, stream: stream, retry: .never)
    }
}
