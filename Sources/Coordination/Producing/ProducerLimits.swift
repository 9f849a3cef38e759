/// Whether records of one key keep their order.
public enum ProducerOrdering: Sendable, Hashable {
    /// Records of one partition key are stored in the order in which they came.
    ///
    /// PutRecords may refuse a record and store a later one of the same request, so a request holds one record of a key at most, and one
    /// request at a time is under way to a shard. A single key thus moves at one record per round trip.
    case perKey
    /// No order: shards take several requests at once, and a request as many records of a key as fit.
    case none
}

/// The limits that a producer keeps. Those of the service are AWS's ("Kinesis Data Streams quotas and limits").
public struct ProducerLimits: Sendable, Hashable {
    /// How long a record may wait for others to fill a request.
    public var bufferTime: Duration = .milliseconds(500)
    /// Records of one request; AWS takes at most 500.
    public var batchSize = 500
    /// Bytes of one request, data and partition keys; AWS takes at most 10 MiB.
    public var requestBytes = 10_485_760
    /// Bytes that are enough for a request while another may go beside it: a larger one costs as much for each byte, and its body is a
    /// large block of memory. With its text in base64, a body of so much stays below 1 MiB.
    public var enoughBytes = 700 << 10
    /// Bytes of one record, data and partition key: 1 MiB unless the stream was set to take more, at most 10 MiB.
    public var recordBytes = 1_048_576
    /// Requests under way at once.
    public var maxInFlight = 16
    /// Bytes under way at once, data and partition keys: with as many, no request begins beside others. A stream that stops answering holds
    /// their bodies in memory, in base64, beside the records.
    public var inFlightBytes = 4 << 20
    /// Whether records of one key keep their order.
    public var ordering = ProducerOrdering.perKey
    /// What may be written to each shard.
    public var pace = ShardPace.Limits()
    /// Between sends to a shard whose limit is used up: without it, tokens would leave in requests of one record each.
    public var paceSlice: Duration = .milliseconds(50)
    /// After a failure that says nothing about load.
    public var transientBackoff = Backoff(base: .milliseconds(50), cap: .seconds(5))
    /// After a throttle, on top of the shard's slower pace.
    public var throttleBackoff = Backoff(base: .milliseconds(200), cap: .seconds(5))
    /// How long a lasting failure is borne while nothing was ever stored: what has not worked once is more likely wrong than away.
    public var patienceAtFirst: Duration = .seconds(2)
    /// Between two looks at the stream's shards, longer while the listing has no news.
    public var refreshBackoff = Backoff(base: .seconds(1), cap: .seconds(30))

    /// The defaults above.
    public init() {}
}
