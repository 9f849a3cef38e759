public import Records

/// A pair of aggregator and serializer with a limit: how the items of a pipeline become the data of Kinesis records, and back.
public struct ProcessorSpec: Sendable, Hashable {
    /// The name under which pipeline files know it.
    public let name: String
    /// How items are framed.
    public let aggregator: AggregatorKind
    /// How one item is turned into bytes.
    public let serializer: SerializerKind
    /// The limit of an item, and of an aggregate as it accounts for itself.
    public let maxSize: ByteSize
    /// What is done to the data of a record, aggregated or not; `maxSize` counts before it.
    public let compression: Compression?

    /// A processor of one's own; without `maxSize`, the largest that every Kinesis stream takes.
    ///
    /// Throws `unsupportedPair` where the aggregator cannot frame what the serializer writes or must not be compressed, `invalidMaxSize` where
    /// the limit is out of range.
    public init(
        _ name: String, aggregator: AggregatorKind, serializer: SerializerKind, maxSize: ByteSize? = nil, compression: Compression? = nil
    ) throws(ProcessorError) {
        try Self.checkPair(aggregator, serializer)
        if aggregator == .kpl, let compression {
            throw ProcessorError(
                .unsupportedPair, "A KPL aggregate that is compressed with \(compression.rawValue) is none to its readers",
                hint: "Leave the compression out, or use another aggregator.")
        }
        let rule = MaxSizeRule(aggregator, serializer)
        self.init(
            unchecked: name, aggregator, serializer,
            maxSize: try maxSize.map { size throws(ProcessorError) in try rule.limit(size) } ?? rule.defaultLimit, compression: compression)
    }

    /// The same processor with another limit; throws `invalidMaxSize`.
    public func with(maxSize: ByteSize) throws(ProcessorError) -> ProcessorSpec {
        try ProcessorSpec(name, aggregator: aggregator, serializer: serializer, maxSize: maxSize, compression: compression)
    }

    /// Whether items and their frames have the same bytes as another processor's.
    public func writesLike(_ other: ProcessorSpec) -> Bool {
        aggregator == other.aggregator && serializer == other.serializer && compression == other.compression
    }

    /// A processor for records of this one that nobody looks into. They pass whole, whatever Kinesis takes; the records inside of a KPL
    /// aggregate are put together anew, because each belongs into the shard that its own key names.
    public var undecoded: ProcessorSpec {
        aggregator == .kpl ? ProcessorSpec(unchecked: name, .kpl, .raw, maxSize: maxSize) : .raw
    }

    init(
        unchecked name: String, _ aggregator: AggregatorKind, _ serializer: SerializerKind, maxSize: ByteSize? = nil,
        compression: Compression? = nil
    ) {
        self.name = name
        self.aggregator = aggregator
        self.serializer = serializer
        self.maxSize = maxSize ?? MaxSizeRule(aggregator, serializer).defaultLimit
        self.compression = compression
    }

    private static func checkPair(_ aggregator: AggregatorKind, _ serializer: SerializerKind) throws(ProcessorError) {
        switch (aggregator, serializer) {
        case (.list, .string), (.list, .msgpack), (.list, .raw):
            throw ProcessorError(
                .unsupportedPair, "The list aggregator cannot frame what the \(serializer.rawValue) serializer writes",
                hint: "A list is one JSON array: use the json serializer.")
        case (.newline, .msgpack):
            throw ProcessorError(
                .unsupportedPair, "The newline aggregator cannot frame MessagePack, which holds line feeds of its own",
                hint: "Use the netstring aggregator.")
        default: break
        }
    }
}
