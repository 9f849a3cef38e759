import Crypto
import Records

/// A Kinesis Producer Library aggregate that is being filled.
struct KPLAggregate: Framing {
    private static let (partitionKeyTag, explicitHashKeyTag, recordTag): (UInt8, UInt8, UInt8) = (0x0A, 0x12, 0x1A)
    private static let (partitionKeyIndexTag, explicitHashKeyIndexTag, dataTag): (UInt8, UInt8, UInt8) = (0x08, 0x10, 0x1A)

    private var partitionKeys = KeyTable(tag: partitionKeyTag)
    private var explicitHashKeys = KeyTable(tag: explicitHashKeyTag)
    private var records: [UInt8] = []

    /// Nothing: an aggregate accounts for its true size.
    static func accountedHeader(of payload: SharedBytes) -> Int { 0 }

    /// The Kinesis source has taken the aggregate apart already; what arrives is one record of it.
    func size(adding payload: SharedBytes, partitionKey: String?, explicitHashKey: String?) -> Int {
        let partitionKey = partitionKey ?? KPL.placeholderKey
        var record = Protobuf.fieldSize(varint: partitionKeys.index(of: partitionKey)) + Protobuf.fieldSize(bytes: payload.count)
        var tables = partitionKeys.size(adding: partitionKey)
        if let explicitHashKey {
            record += Protobuf.fieldSize(varint: explicitHashKeys.index(of: explicitHashKey))
            tables += explicitHashKeys.size(adding: explicitHashKey)
        } else {
            tables += explicitHashKeys.encoded.count
        }
        return KPL.magic.count + tables + records.count + Protobuf.fieldSize(bytes: record) + KPL.digestSize
    }

    mutating func append(_ payload: SharedBytes, partitionKey: String?, explicitHashKey: String?) {
        let partitionIndex = partitionKeys.insert(partitionKey ?? KPL.placeholderKey)
        let hashIndex = explicitHashKey.map { explicitHashKeys.insert($0) }
        var size = Protobuf.fieldSize(varint: partitionIndex) + Protobuf.fieldSize(bytes: payload.count)
        if let hashIndex { size += Protobuf.fieldSize(varint: hashIndex) }
        records.append(Self.recordTag)
        Protobuf.append(varint: size, to: &records)
        records.append(Self.partitionKeyIndexTag)
        Protobuf.append(varint: partitionIndex, to: &records)
        if let hashIndex {
            records.append(Self.explicitHashKeyIndexTag)
            Protobuf.append(varint: hashIndex, to: &records)
        }
        records.append(Self.dataTag)
        Protobuf.append(varint: payload.count, to: &records)
        records.append(contentsOf: payload.slice)
    }

    mutating func finish() -> RecordData {
        defer { self = Self() }
        var data = KPL.magic
        data.reserveCapacity(
            data.count + partitionKeys.encoded.count + explicitHashKeys.encoded.count + records.count + KPL.digestSize)
        data += partitionKeys.encoded
        data += explicitHashKeys.encoded
        data += records
        data += Insecure.MD5.hash(data: data[KPL.magic.count...])
        return RecordData(data)
    }
}

/// A table of keys, each once, in the order of first use.
private struct KeyTable: Sendable {
    private let tag: UInt8
    private var indices: [ExactText: Int] = [:]
    private(set) var encoded: [UInt8] = []

    init(tag: UInt8) {
        self.tag = tag
    }

    /// The key's index, or the one that it would get.
    func index(of key: String) -> Int { indices[ExactText(key)] ?? indices.count }

    /// The size of the encoded table with this key in it.
    func size(adding key: String) -> Int {
        encoded.count + (indices[ExactText(key)] == nil ? Protobuf.fieldSize(bytes: key.utf8.count) : 0)
    }

    mutating func insert(_ key: String) -> Int {
        let next = indices.count
        if let index = indices[ExactText(key)] { return index }
        indices[ExactText(key)] = next
        encoded.append(tag)
        Protobuf.append(varint: key.utf8.count, to: &encoded)
        encoded.append(contentsOf: key.utf8)
        return next
    }
}
