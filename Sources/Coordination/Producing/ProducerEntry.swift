public import Records

/// One Kinesis record on its way to a stream.
public struct ProducerEntry<Token: Sendable>: Sendable {
    /// The record's bytes.
    public let data: RecordData
    /// 1 to 256 characters.
    public let partitionKey: String
    /// A decimal below 2^128 that takes the place of the partition key's hash.
    public let explicitHashKey: String?
    /// Where in the hash space the record goes.
    public let hashKey: HashKey
    /// The hash keys of the user records inside an aggregate; empty for a plain record.
    ///
    /// Aggregates hold many keys, so they keep their order per shard instead of per key, and one that lands on a shard that does not own
    /// all its members is taken apart and sent again: consumers drop records outside of the shard that they came from.
    public let members: [HashKey]
    /// Given back when the record is stored.
    public let token: Token

    /// Checks the key and the explicit hash key as the service would.
    public init(data: RecordData, partitionKey: String, explicitHashKey: String? = nil, members: [HashKey] = [], token: Token)
        throws(ProducerError)
    {
        try RecordKeys.check(partitionKey: partitionKey)
        hashKey =
            try explicitHashKey.map { text throws(ProducerError) in try RecordKeys.point(explicitHashKey: text) }
            ?? HashKey(partitionKey: partitionKey)
        self.data = data
        self.partitionKey = partitionKey
        self.explicitHashKey = explicitHashKey
        self.members = members
        self.token = token
    }

    /// Members of one point are in one shard whatever the shards are.
    var couldStraddle: Bool {
        guard let first = members.first else { return false }
        return members.contains { $0 != first }
    }

    /// What quotas count: data and partition key (AWS: "Kinesis Data Streams quotas and limits").
    public var size: Int { data.count + partitionKey.utf8.count }
}
