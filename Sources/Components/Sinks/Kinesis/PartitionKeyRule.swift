import Coordination
import Records

/// What Kinesis accepts as keys (API model, PutRecordsRequestEntry): pure.
enum PartitionKeyRule {
    /// Characters, as the API model counts them: Unicode scalars.
    static let longestKey = 256

    static func check(key: String?, explicitHashKey: String?) throws(Failure) {
        if let key {
            guard !key.isEmpty, key.utf8.count <= longestKey || key.unicodeScalars.count <= longestKey else {
                throw Failure(
                    "partition_key_length", "the partition key has \(key.unicodeScalars.count) characters; Kinesis takes 1 to \(longestKey)")
            }
        }
        if let explicitHashKey, HashKey(explicitHashKey) == nil {
            throw Failure("explicit_hash_key_invalid", "the explicit hash key is not a decimal number of 128 bits")
        }
    }
}
