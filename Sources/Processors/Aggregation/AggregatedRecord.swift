public import Records

/// What a caller keeps of the items of an aggregate, in their order.
public protocol AggregateItems {
    /// What comes with each item's bytes.
    associatedtype Item
    /// None.
    init()
    /// How many there are.
    var count: Int { get }
    /// Adds the next one.
    mutating func append(_ item: Item)
}

extension Array: AggregateItems {
    /// The items themselves.
    public typealias Item = Element
}

/// One Kinesis record to be put, and the items in it.
public struct AggregatedRecord<Items: AggregateItems & Sendable>: Sendable {
    /// The record's data.
    public var data: RecordData
    /// The key to put it with; nil where its items have none, so that any key does.
    public var partitionKey: String?
    /// The explicit hash key (decimal, 128 bits) to put it with.
    public var explicitHashKey: String?
    /// The items, in the order in which they were added.
    public var items: Items
    /// The size in bytes as async-kinesis accounts for it: not always that of `data`.
    public var accountedSize: Int
}
