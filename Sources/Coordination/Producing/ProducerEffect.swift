public import Records

/// Names one attempt to send: never used twice by one producer.
public struct RequestID: Sendable, Hashable {
    let number: UInt64
}

/// What a producer's shell is to do next.
public enum ProducerEffect<Token: Sendable>: Sendable {
    /// Send these records in this order, then report to `completed`.
    case send(RequestID, [ProducerEntry<Token>])
    /// The records of these tokens are stored, or abandoned.
    case acknowledge([Token])
    /// List the stream's shards, then report to `shardMapLoaded` or `shardMapUnavailable`.
    case refreshShardMap
    /// The producer has ended: no record is sent any more, and those not acknowledged may or may not be stored.
    case fail(Failure)
}

/// What a producer has done so far, for metrics and logs.
public struct ProducerStatistics: Sendable, Hashable {
    /// Requests handed out to be sent.
    public internal(set) var requests = 0
    /// Requests that came back without an answer for their records.
    public internal(set) var failedRequests = 0
    /// Records stored.
    public internal(set) var storedRecords = 0
    /// Their bytes, data and partition keys.
    public internal(set) var storedBytes = 0
    /// Refusals of records by throttling.
    public internal(set) var throttledRecords = 0
    /// Refusals of records for any other reason.
    public internal(set) var failedRecords = 0
    /// Records that were not sent because they must not be any more.
    public internal(set) var abandonedRecords = 0
    /// Aggregates taken apart because of a reshard.
    public internal(set) var splitAggregates = 0
    /// The latest error other than throttling.
    public internal(set) var latestFailure: Failure?

    init() {}
}
