/// One datum on its way through a pipeline.
public struct Record: Sendable {
    public var value: Value
    /// The Kinesis partition key with which it was read, or that a KPL aggregate gave it.
    public var partitionKey: String?
    /// The explicit hash key (decimal, 128 bits) that a KPL aggregate gave it.
    public var explicitHashKey: String?
    public var origin: Origin

    public init(_ value: Value, partitionKey: String? = nil, explicitHashKey: String? = nil, origin: Origin) {
        self.value = value
        self.partitionKey = partitionKey
        self.explicitHashKey = explicitHashKey
        self.origin = origin
    }
}
