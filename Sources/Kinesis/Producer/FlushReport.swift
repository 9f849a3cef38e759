public import Coordination

/// What became of one request of a producer.
public struct FlushReport<Token: Sendable>: Sendable {
    /// Where its records went.
    public var stream: StreamIdentifier
    /// Its records, in their order.
    public var entries: [ProducerEntry<Token>]
    /// One result a record, or why there is none; records that are not stored are sent again.
    public var outcome: Result<[PutResult], KinesisError>

    /// See the properties.
    public init(stream: StreamIdentifier, entries: [ProducerEntry<Token>], outcome: Result<[PutResult], KinesisError>) {
        self.stream = stream
        self.entries = entries
        self.outcome = outcome
    }

    var hasThrottles: Bool {
        guard case .success(let results) = outcome else { return false }
        return results.contains(where: \.isThrottled)
    }
}

extension PutResult {
    /// The shard was at its limit.
    var isThrottled: Bool {
        guard case .failed("ProvisionedThroughputExceededException", _) = self else { return false }
        return true
    }
}
