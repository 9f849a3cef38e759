/// One Kinesis record to be put, and the items in it.
public struct AggregatedRecord<Item: Sendable>: Sendable {
    /// The record's data.
    public var data: [UInt8]
    /// The key to put it with; nil where its items have none, so that any key does.
    public var partitionKey: String?
    /// The explicit hash key (decimal, 128 bits) to put it with.
    public var explicitHashKey: String?
    /// The items, in the order in which they were added.
    public var items: [Item]
    /// The size in bytes as async-kinesis accounts for it: not always that of `data`.
    public var accountedSize: Int
}
