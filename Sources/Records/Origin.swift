/// Where a source reads: the same for all records of a batch.
public struct ReadPlace: Sendable {
    /// The name of the source node in the pipeline file.
    public var source: String
    /// The Kinesis stream, where the source reads one.
    public var stream: String?
    /// The Kinesis shard, where the source reads one.
    public var shard: String?
    /// The path of the file, where the source reads files.
    public var file: String?

    /// See the properties.
    public init(source: String, stream: String? = nil, shard: String? = nil, file: String? = nil) {
        self.source = source
        self.stream = stream
        self.shard = shard
        self.file = file
    }
}

/// One thing that a source read: a Kinesis record, a record inside of a KPL aggregate, a line.
public struct ReadEntry: Sendable {
    /// The Kinesis sequence number: up to 129 decimal digits.
    public var sequence: String?
    /// The index inside a KPL aggregate; 0 for a plain record.
    public var subSequence: Int
    /// The Kinesis partition key with which it was read, or that a KPL aggregate gave it.
    public var partitionKey: String?
    /// The explicit hash key (decimal, 128 bits) that a KPL aggregate gave it.
    public var explicitHashKey: String?
    /// Milliseconds since 1970, UTC.
    public var arrivedAt: Int64?
    /// The byte offset of the entry's first byte in its file.
    public var offset: Int64?
    /// Its bytes, for dead letters: shared with the batch, not copied.
    public var raw: ArraySlice<UInt8>

    /// See the properties.
    public init(
        sequence: String? = nil, subSequence: Int = 0, partitionKey: String? = nil, explicitHashKey: String? = nil,
        arrivedAt: Int64? = nil, offset: Int64? = nil, raw: ArraySlice<UInt8> = []
    ) {
        self.sequence = sequence
        self.subSequence = subSequence
        self.partitionKey = partitionKey
        self.explicitHashKey = explicitHashKey
        self.arrivedAt = arrivedAt
        self.offset = offset
        self.raw = raw
    }
}

/// Where the records of one batch were read: shared by all of them, so that a record that is handed on counts one reference and not five.
public final class BatchOrigin: Sendable {
    /// What all of them share.
    public let place: ReadPlace
    let entries: [ReadEntry]

    /// See the properties.
    public init(_ place: ReadPlace, _ entries: [ReadEntry]) {
        self.place = place
        self.entries = entries
    }
}

/// Where one record was read: what expressions see as `meta` and dead letters report.
public struct Origin: Sendable {
    private let batch: BatchOrigin
    private let index: Int

    /// The entry of a batch at this index; several records may have come from it.
    public init(_ batch: BatchOrigin, at index: Int) {
        self.batch = batch
        self.index = index
    }

    /// Of a record that was read alone.
    public init(_ place: ReadPlace, _ entry: ReadEntry = ReadEntry()) {
        self.init(BatchOrigin(place, [entry]), at: 0)
    }

    /// What it shares with all records of its batch.
    public var place: ReadPlace { batch.place }
    /// As `ReadEntry.sequence`.
    public var sequence: String? { batch.entries[index].sequence }
    /// As `ReadEntry.subSequence`.
    public var subSequence: Int { batch.entries[index].subSequence }
    /// As `ReadEntry.partitionKey`.
    public var partitionKey: String? { batch.entries[index].partitionKey }
    /// As `ReadEntry.explicitHashKey`.
    public var explicitHashKey: String? { batch.entries[index].explicitHashKey }
    /// As `ReadEntry.arrivedAt`.
    public var arrivedAt: Int64? { batch.entries[index].arrivedAt }
    /// As `ReadEntry.offset`.
    public var offset: Int64? { batch.entries[index].offset }
    /// As `ReadEntry.raw`.
    public var raw: ArraySlice<UInt8> { batch.entries[index].raw }
}
