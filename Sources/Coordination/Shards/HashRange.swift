import Crypto

/// A point of the 128-bit hash space onto which Kinesis maps partition keys.
public typealias HashKey = UInt128

extension UInt128 {
    /// MD5 of the key's UTF-8 as a big-endian integer: how Kinesis chooses the shard (AWS: "Kinesis Data Streams Terminology", Partition Key).
    public init(partitionKey: String) {
        var key = partitionKey
        self = key.withUTF8 { bytes in
            Insecure.MD5.hash(data: UnsafeRawBufferPointer(bytes)).reduce(0) { $0 << 8 | UInt128($1) }
        }
    }
}

/// The part of the hash space that a shard owns, both ends included.
public struct HashRange: Sendable, Hashable {
    /// The first key.
    public var start: HashKey
    /// The last key.
    public var end: HashKey

    /// See the properties.
    public init(start: HashKey, end: HashKey) {
        self.start = start
        self.end = end
    }

    /// The whole hash space.
    public static let all = HashRange(start: .min, end: .max)

    /// Whether the key belongs to it.
    public func contains(_ key: HashKey) -> Bool { start <= key && key <= end }
}
