/// One Kinesis record on its way to a stream.
public struct ProducerEntry<Token: Sendable>: Sendable {
    /// The record's bytes.
    public let data: [UInt8]
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
    public init(data: [UInt8], partitionKey: String, explicitHashKey: String? = nil, members: [HashKey] = [], token: Token)
        throws(ProducerError)
    {
        // A scalar has at most four bytes: most keys need no counting.
        if partitionKey.isEmpty || partitionKey.utf8.count > 256 {
            let count = partitionKey.unicodeScalars.count
            guard (1...256).contains(count) else { throw .partitionKeyLength(count) }
        }
        if let explicitHashKey {
            guard explicitHashKey.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let key = HashKey(explicitHashKey) else {
                throw .explicitHashKey(explicitHashKey)
            }
            hashKey = key
        } else {
            hashKey = HashKey(partitionKey: partitionKey)
        }
        self.data = data
        self.partitionKey = partitionKey
        self.explicitHashKey = explicitHashKey
        self.members = members
        self.token = token
    }

    /// What quotas count: data and partition key (AWS: "Kinesis Data Streams quotas and limits").
    public var size: Int { data.count + partitionKey.utf8.count }
}
