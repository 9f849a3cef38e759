public import Records

extension KinesisClient {
    /// Puts up to 500 records and 10 MiB (AWS: "PutRecords"); one result an entry, in their order.
    ///
    /// One attempt unless `retry` says otherwise: what is repeated, and when, is the producer's decision. A call that failed with
    /// `isAmbiguous` may have stored records.
    public func putRecords(
        _ stream: StreamIdentifier, _ entries: [PutEntry], retry: RetryPolicy = .never
    ) async throws(KinesisError) -> [PutResult] {
        try await perform(PutRecords(target: stream, entries: entries), retry: retry).reply
    }

    /// Puts one record. `after`, the sequence number of an earlier record, asks for a greater one.
    public func putRecord(
        _ stream: StreamIdentifier, _ entry: PutEntry, after: SequenceNumber? = nil
    ) async throws(KinesisError) -> StoredRecord {
        try await perform(PutRecord(target: stream, entry: entry, orderingSequence: after))
    }

    /// An iterator, good for five minutes.
    public func shardIterator(
        _ stream: StreamIdentifier, shard: String, at start: IteratorStart
    ) async throws(KinesisError) -> String {
        try await perform(GetShardIterator(source: stream, shard: shard, start: start))
    }

    /// One page of at most `limit` (1 to 10,000) records and 10 MiB. One attempt unless `retry` says otherwise.
    public func getRecords(
        _ iterator: String, limit: Int = 10_000, stream: StreamIdentifier, retry: RetryPolicy = .never
    ) async throws(KinesisError) -> GetRecordsReply {
        try await perform(GetRecords(iterator: iterator, limit: limit, source: stream), retry: retry).reply
    }
}
