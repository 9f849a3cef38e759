import Crypto

/// The aggregated record of the Kinesis Producer Library (github.com/awslabs/amazon-kinesis-producer, aggregation-format.md):
/// a magic number, a protobuf message and its MD5.
public enum KPL {
    /// The bytes that begin an aggregate.
    static let magic: [UInt8] = [0xF3, 0x89, 0x9A, 0xC2]
    static let digestSize = Insecure.MD5.byteCount
    /// The partition key that stands in an aggregate for none, as async-kinesis writes it.
    static let placeholderKey = "a"
    /// More than a record of 1 MiB can hold of the smallest user records, which are 6 bytes each.
    static let maximumRecords = 1 << 18

    /// One record inside an aggregate.
    public struct UserRecord: Sendable, Hashable {
        /// The record's bytes.
        public var data: [UInt8]
        /// The key with which its producer put it.
        public var partitionKey: String
        /// The hash key (decimal, 128 bits) that overrides the partition key's, where its producer gave one.
        public var explicitHashKey: String?

        /// One record inside an aggregate.
        public init(data: [UInt8], partitionKey: String, explicitHashKey: String? = nil) {
            self.data = data
            self.partitionKey = partitionKey
            self.explicitHashKey = explicitHashKey
        }
    }

    /// The records in the data of one Kinesis record; nil when it is no aggregate, and then passes through as it is.
    ///
    /// No aggregate is what lacks the magic number or the right checksum, is not the message, names a key that is not in its tables, or
    /// holds nothing.
    public static func deaggregate(_ data: [UInt8]) -> [UserRecord]? {
        guard data.count > magic.count + digestSize, data.starts(with: magic) else { return nil }
        let message = data[magic.count..<(data.count - digestSize)]
        guard Insecure.MD5.hash(data: message).elementsEqual(data[message.endIndex...]) else { return nil }
        var reader = KPLReader()
        guard let records = reader.read(message), !records.isEmpty else { return nil }
        return records
    }
}
