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
    private enum Entries: Sendable {
        case each([ReadEntry])
        /// Of which nothing is known but where they are.
        case lines(ByteSlices, offsets: [UInt64])
    }

    /// What all of them share.
    public let place: ReadPlace
    private let entries: Entries

    /// See the properties.
    public init(_ place: ReadPlace, _ entries: [ReadEntry]) {
        self.place = place
        self.entries = .each(entries)
    }

    /// Of lines, which lie at these offsets in their file.
    public init(_ place: ReadPlace, lines: ByteSlices, offsets: [UInt64]) {
        self.place = place
        entries = .lines(lines, offsets: offsets)
    }

    /// False of lines.
    var mayHaveKeys: Bool {
        if case .each = entries { true } else { false }
    }

    /// What is known of one of them; nil of a line.
    fileprivate func fact<Fact>(of index: Int, _ get: (borrowing ReadEntry) -> Fact?) -> Fact? {
        if case .each(let entries) = entries { get(entries[index]) } else { nil }
    }

    fileprivate func offset(of index: Int) -> Int64? {
        switch entries {
        case .each(let entries): entries[index].offset
        case .lines(_, let offsets): Int64(clamping: offsets[index])
        }
    }

    fileprivate func raw(of index: Int) -> ArraySlice<UInt8> {
        switch entries {
        case .each(let entries): entries[index].raw
        case .lines(let lines, _): lines[index].slice
        }
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
    public var sequence: String? { batch.fact(of: index) { $0.sequence } }
    /// As `ReadEntry.subSequence`.
    public var subSequence: Int { batch.fact(of: index) { $0.subSequence } ?? 0 }
    /// As `ReadEntry.partitionKey`.
    public var partitionKey: String? { batch.fact(of: index) { $0.partitionKey } }
    /// As `ReadEntry.explicitHashKey`.
    public var explicitHashKey: String? { batch.fact(of: index) { $0.explicitHashKey } }
    /// As `ReadEntry.arrivedAt`.
    public var arrivedAt: Int64? { batch.fact(of: index) { $0.arrivedAt } }
    /// As `ReadEntry.offset`.
    public var offset: Int64? { batch.offset(of: index) }
    /// As `ReadEntry.raw`.
    public var raw: ArraySlice<UInt8> { batch.raw(of: index) }
}
