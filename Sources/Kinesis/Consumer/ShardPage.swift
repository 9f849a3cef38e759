public import Leasing
public import Records

/// What one GetRecords call gave a reader.
public struct ShardPage: Sendable {
    /// The shard's id, or a file's identity.
    public let shard: String
    /// In the shard's order.
    public let records: [KinesisRecord]
    /// User records of the first KPL aggregate up to this sub-sequence are done already: the reader resumed in its middle.
    public let resumedAfter: (sequence: SequenceNumber, subSequence: Int)?
    /// Where positions are registered and completed.
    public let progress: ShardProgress
}

/// What a consumer tells its owner; everything is called from the shard's own task.
public protocol ShardPageReceiver: Sendable {
    /// Takes a page's records on: returns when they are accepted (backpressure), having registered their positions in `page.progress`.
    func receive(_ page: ShardPage) async throws
}
