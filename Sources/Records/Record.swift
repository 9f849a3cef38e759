/// One datum on its way through a pipeline.
public struct Record: Sendable {
    /// The decoded datum.
    public var value: Value
    /// The Kinesis partition key with which it was read, or that a KPL aggregate gave it.
    public var partitionKey: String?
    /// The explicit hash key (decimal, 128 bits) that a KPL aggregate gave it.
    public var explicitHashKey: String?
    /// Where it was read.
    public var origin: Origin
    /// The bytes as they were read, for dead letters: shared with the batch, not copied.
    public var raw: [UInt8]

    /// See the properties.
    public init(
        _ value: Value, partitionKey: String? = nil, explicitHashKey: String? = nil, origin: Origin, raw: [UInt8] = []
    ) {
        self.value = value
        self.raw = raw
        self.partitionKey = partitionKey
        self.explicitHashKey = explicitHashKey
        self.origin = origin
    }
}
