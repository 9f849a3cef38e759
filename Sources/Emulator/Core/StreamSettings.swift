/// What a stream carries beyond its shards and its retention: nothing here changes what becomes of a record.
struct StreamSettings: Sendable, Hashable {
    var tags: [String: String] = [:]
    /// The KMS key of server-side encryption; nil without it. Records are kept as they are either way.
    var encryptionKey: String?
    var metrics: Set<ShardMetric> = []
    /// A JSON document, kept and never applied.
    var policy: String?
    /// MiB per second.
    var warmThroughput: Int?

    /// AWS: EncryptionType.
    var encryptionType: String { encryptionKey == nil ? "NONE" : "KMS" }
}

/// AWS: MetricsName, without ALL, which means every one of these.
enum ShardMetric: String, Sendable, Hashable, CaseIterable {
    case incomingBytes = "IncomingBytes"
    case incomingRecords = "IncomingRecords"
    case outgoingBytes = "OutgoingBytes"
    case outgoingRecords = "OutgoingRecords"
    case writeThrottles = "WriteProvisionedThroughputExceeded"
    case readThrottles = "ReadProvisionedThroughputExceeded"
    case iteratorAge = "IteratorAgeMilliseconds"

    static let allName = "ALL"
    static let names = allCases.map(\.rawValue) + [allName]

    /// In the order in which the API lists them.
    static func sorted(_ metrics: Set<ShardMetric>) -> [String] {
        allCases.filter(metrics.contains).map(\.rawValue)
    }

    static func named(_ names: [String]) -> Set<ShardMetric> {
        names.contains(allName) ? Set(allCases) : Set(names.compactMap(ShardMetric.init))
    }
}
