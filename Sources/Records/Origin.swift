/// Where the records of one batch were read: shared by all of them.
public final class BatchOrigin: Sendable {
    /// The name of the source node in the pipeline file.
    public let source: String
    /// The Kinesis stream, where the source reads one.
    public let stream: String?
    /// The Kinesis shard, where the source reads one.
    public let shard: String?
    /// The path of the file, where the source reads files.
    public let file: String?

    /// See the properties.
    public init(source: String, stream: String? = nil, shard: String? = nil, file: String? = nil) {
        self.source = source
        self.stream = stream
        self.shard = shard
        self.file = file
    }
}

/// Where one record was read: what expressions see as `meta` and dead letters report.
public struct Origin: Sendable {
    /// What all records of the batch share.
    public var batch: BatchOrigin
    /// The Kinesis sequence number: up to 129 decimal digits.
    public var sequence: String?
    /// The index inside a KPL aggregate; 0 for a plain record.
    public var subSequence: Int
    /// Milliseconds since 1970, UTC.
    public var arrivedAt: Int64?
    /// The byte offset of the record's first byte in its file.
    public var offset: Int64?

    /// See the properties.
    public init(_ batch: BatchOrigin, sequence: String? = nil, subSequence: Int = 0, arrivedAt: Int64? = nil, offset: Int64? = nil) {
        self.batch = batch
        self.sequence = sequence
        self.subSequence = subSequence
        self.arrivedAt = arrivedAt
        self.offset = offset
    }
}
