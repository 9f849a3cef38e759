public import Records

/// Fills one aggregate after another, by the rules of async-kinesis.
///
/// An item is added while the accounted size stays below the limit; otherwise, and when the key changes, what is open is emitted first.
/// Two things differ. An aggregate without items, which async-kinesis emits before an item that just fits, is left out. And an
/// aggregate is also emitted where its true size with its key would pass what Kinesis takes: async-kinesis undercounts a list's
/// separators, and its record is then refused for ever.
public struct Aggregation<Items: AggregateItems & Sendable>: Sendable {
    private let spec: ProcessorSpec
    private var open: any Framing
    private var items = Items()
    private var partitionKey: ExactText?
    private var explicitHashKey: String?
    private var accountedSize = 0

    /// An empty aggregation.
    public init(_ spec: ProcessorSpec) {
        self.spec = spec
        open = spec.aggregator.framing.init()
    }

    /// Whether nothing is waiting.
    public var isEmpty: Bool { items.count == 0 }

    /// The items waiting.
    public var pendingCount: Int { items.count }

    /// The accounted bytes waiting.
    public var pendingBytes: Int { accountedSize }

    /// Adds an item that `ProcessorSpec.payload` made; returns what that emits, oldest first.
    ///
    /// Throws `itemTooLarge` and `breaksFraming`; the item is then not added, and nothing else has changed.
    public mutating func add(
        _ payload: SharedBytes, item: Items.Item, partitionKey: String?, explicitHashKey: String? = nil
    ) throws(ProcessorError) -> [AggregatedRecord<Items>] {
        let framing = spec.aggregator.framing
        // JSON is written, and handed on, on one line.
        if spec.serializer != .json { try framing.check(payload) }
        try checkSize(payload, partitionKey: partitionKey, explicitHashKey: explicitHashKey)

        var emitted: [AggregatedRecord<Items>] = []
        if !accepts(partitionKey, explicitHashKey) { emitted += flush() }
        if items.count == 0 { begin(partitionKey, explicitHashKey) }
        var header = framing.accountedHeader(of: payload)
        var size = open.size(adding: payload, partitionKey: partitionKey, explicitHashKey: explicitHashKey)
        if !fits(accounted: accountedSize + payload.count + header, size: size) {
            emitted += flush()
            begin(partitionKey, explicitHashKey)
            // async-kinesis forgets the header of the item that rolls over.
            header = 0
            size = open.size(adding: payload, partitionKey: partitionKey, explicitHashKey: explicitHashKey)
        }
        accountedSize = isKPL ? size : accountedSize + payload.count + header
        open.append(payload, partitionKey: partitionKey, explicitHashKey: explicitHashKey)
        items.append(item)
        return spec.aggregator == .simple ? emitted + flush() : emitted
    }

    /// What is open, as a record; nothing when nothing is.
    public mutating func flush() -> [AggregatedRecord<Items>] {
        guard items.count > 0 else { return [] }
        let data = open.finish()
        let record = AggregatedRecord(
            data: spec.compression.map { RecordData($0.compress(data.bytes)) } ?? data, partitionKey: partitionKey?.string,
            explicitHashKey: explicitHashKey, items: items, accountedSize: accountedSize)
        items = Items()
        accountedSize = 0
        return [record]
    }
}

extension Aggregation {
    private var isKPL: Bool { spec.aggregator == .kpl }

    /// The largest data and key that Kinesis takes, with room for data that compression makes larger; a larger limit says that the stream's
    /// own is raised.
    private var recordLimit: Int {
        let limit = max(spec.maxSize.bytes, MaxSizeRule.recordLimit)
        return spec.compression == nil ? limit : Compression.mostBytes(within: limit)
    }

    /// Room for the key that counts with the data; where there is none, for the one that the sink will make up.
    private static func keySize(_ key: String?) -> Int { key?.utf8.count ?? 64 }

    private mutating func begin(_ partitionKey: String?, _ explicitHashKey: String?) {
        self.partitionKey = partitionKey.map(ExactText.init)
        self.explicitHashKey = explicitHashKey
    }

    /// KPL counts the true size and may reach its limit; the others count as async-kinesis does and stay below theirs.
    private func fits(accounted: Int, size: Int) -> Bool {
        guard size + Self.keySize(partitionKey?.string) <= recordLimit else { return false }
        return isKPL ? size <= spec.maxSize.bytes : accounted < spec.maxSize.bytes
    }

    /// Whether an item with these keys may join what is open.
    private func accepts(_ partitionKey: String?, _ explicitHashKey: String?) -> Bool {
        if items.count == 0 { return true }
        // Readers exist that give a record without a hash key the first one of the table: an aggregate has them for all or for none.
        if isKPL { return (self.explicitHashKey == nil) == (explicitHashKey == nil) }
        return self.partitionKey == partitionKey.map(ExactText.init) && self.explicitHashKey == explicitHashKey
    }

    private func checkSize(_ payload: SharedBytes, partitionKey: String?, explicitHashKey: String?) throws(ProcessorError) {
        guard payload.count <= spec.maxSize.bytes else { throw .itemTooLarge(payload.count, limit: spec.maxSize.bytes) }
        let limit = min(recordLimit - Self.keySize(partitionKey), isKPL ? spec.maxSize.bytes : .max)
        // No frame is larger than this beside its keys: most items need no closer look.
        guard payload.count + 128 + Self.keySize(partitionKey) + (explicitHashKey?.utf8.count ?? 0) > limit else { return }
        let alone = spec.aggregator.framing.init().size(adding: payload, partitionKey: partitionKey, explicitHashKey: explicitHashKey)
        guard alone <= limit else { throw .itemTooLarge(payload.count, limit: payload.count - (alone - limit)) }
    }
}
