public import Records

/// Keeps one aggregate open for each key, so that interleaved keys still aggregate; the order within a key is kept.
///
/// The key is an item's partition key, and for KPL, whose aggregates mix keys, the group that the caller gives (the predicted shard).
/// A caller whose groups change, since its view of the shards did, flushes first. Beyond the bounds on open aggregates and waiting
/// bytes, the one that was least recently added to is emitted.
public struct KeyedAggregation<Items: AggregateItems & Sendable>: Sendable {
    private let spec: ProcessorSpec
    private let maxOpen: Int
    private let maxPendingBytes: Int
    /// For the aggregator that makes a record of each item.
    private var single: Aggregation<Items>
    private var open: RecencyMap<ExactText?, Aggregation<Items>> = RecencyMap()

    /// The items waiting.
    public private(set) var pendingCount = 0
    /// The accounted bytes waiting.
    public private(set) var pendingBytes = 0

    /// An empty aggregation; both bounds are at least 1.
    public init(_ spec: ProcessorSpec, maxOpen: Int = 1024, maxPendingBytes: ByteSize = .mebibytes(8)) {
        self.spec = spec
        single = Aggregation(spec)
        self.maxOpen = max(1, maxOpen)
        self.maxPendingBytes = max(1, maxPendingBytes.bytes)
    }

    /// Whether nothing is waiting.
    public var isEmpty: Bool { pendingCount == 0 }

    /// Adds an item that `ProcessorSpec.payload` made; returns what that emits. Only KPL asks for the `group`; none is a group too.
    ///
    /// Throws `itemTooLarge` and `breaksFraming`; the item is then not added, and nothing else has changed.
    public mutating func add(
        _ payload: SharedBytes, item: Items.Item, partitionKey: String?, explicitHashKey: String? = nil, group: String? = nil
    ) throws(ProcessorError) -> [AggregatedRecord<Items>] {
        // Nothing stays open: there is no key to remember.
        if spec.aggregator == .simple {
            return try single.add(payload, item: item, partitionKey: partitionKey, explicitHashKey: explicitHashKey)
        }
        let key = (spec.aggregator == .kpl ? group : partitionKey).map(ExactText.init)
        let spec = spec
        var (count, bytes) = (0, 0)
        var emitted = try open.withMostRecent(key, make: { Aggregation(spec) }, isEmpty: { $0.isEmpty }) {
            (aggregation: inout Aggregation<Items>) throws(ProcessorError) -> [AggregatedRecord<Items>] in
            (count, bytes) = (aggregation.pendingCount, aggregation.pendingBytes)
            let emitted = try aggregation.add(payload, item: item, partitionKey: partitionKey, explicitHashKey: explicitHashKey)
            (count, bytes) = (aggregation.pendingCount - count, aggregation.pendingBytes - bytes)
            return emitted
        }
        pendingCount += count
        pendingBytes += bytes
        while open.count > maxOpen || pendingBytes > maxPendingBytes, open.count > 1, let oldest = open.removeLeastRecent() {
            emitted += emit(oldest)
        }
        return emitted
    }

    /// All that is open, the least recently used first.
    public mutating func flush() -> [AggregatedRecord<Items>] {
        var emitted: [AggregatedRecord<Items>] = []
        while let oldest = open.removeLeastRecent() { emitted += emit(oldest) }
        return emitted
    }

    private mutating func emit(_ aggregation: consuming Aggregation<Items>) -> [AggregatedRecord<Items>] {
        pendingCount -= aggregation.pendingCount
        pendingBytes -= aggregation.pendingBytes
        return aggregation.flush()
    }
}
