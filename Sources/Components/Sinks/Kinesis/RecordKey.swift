import Coordination

/// With what a record is sent to its shard.
struct RecordKey: Sendable {
    let partitionKey: String?
    private(set) var explicitHashKey: String?
    /// Where the two send it: known for KPL alone, whose aggregates are made for a shard; nil where it has neither and may go anywhere.
    private(set) var hashKey: HashKey?

    /// Nil where it is sent with nothing.
    init?(partitionKey: String?, explicitHashKey: String?) {
        guard partitionKey != nil || explicitHashKey != nil else { return nil }
        self.partitionKey = partitionKey
        self.explicitHashKey = explicitHashKey
    }

    /// With the point of the hash space that it names.
    func located() -> RecordKey {
        var located = self
        located.hashKey = explicitHashKey.flatMap { HashKey($0) } ?? partitionKey.map { HashKey(partitionKey: $0) }
        return located
    }

    /// Where `point` is, in the stead of a key.
    init(at point: inout KeylessPoint) {
        partitionKey = nil
        explicitHashKey = point.text
        hashKey = point.hashKey
    }
}

/// Where records without a key go inside KPL aggregates: a random point of the hash space for each aggregate, told as the explicit hash key.
///
/// A KPL aggregate names a partition key for every record, and its readers drop what does not belong to the shard: the stand-in for "no
/// key" alone would bind all of these records to one shard.
struct KeylessPoint {
    private(set) var hashKey = HashKey.random(in: .min ... .max)
    private(set) lazy var text = String(hashKey)

    mutating func renew() { self = KeylessPoint() }
}
