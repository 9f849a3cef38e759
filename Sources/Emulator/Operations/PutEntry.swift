import Coordination
import Records

/// A record that a client puts: what PutRecord and the entries of PutRecords have in common.
struct PutEntry: Sendable {
    var partitionKey: String
    var data: [UInt8]
    /// Where in the hash space the record belongs.
    var hashKey: HashKey

    private static let data = Member("Data", .blob(length: 0...10_485_760), required: true)
    private static let partitionKey = Member("PartitionKey", .string(length: 1...256), required: true)
    private static let explicitHashKey = Member("ExplicitHashKey", .hashKey)

    /// The two operations declare them in different orders, in which their violations are reported.
    static let members = [data, explicitHashKey, partitionKey]
    static let putRecordMembers = [data, partitionKey, explicitHashKey]

    init(_ input: Input) throws(ServiceError) {
        partitionKey = input.required("PartitionKey")
        data = try input.blob("Data")
        hashKey = try input.hashKey("ExplicitHashKey") ?? HashKey(partitionKey: partitionKey)
    }

    var byteCount: Int { partitionKey.utf8.count + data.count }
}

/// What became of records that were put, in their order.
struct PutOutcome: Sendable {
    var placements: [Placement]
    /// AWS: EncryptionType.
    var encryptionType: String
}

extension StreamEngine {
    /// Puts records, in their order, into the stream that `input` names.
    func put(_ entries: [PutEntry], into input: Input) async throws -> PutOutcome {
        let keys = entries.map(\.hashKey)
        let largest = entries.map(\.byteCount).max() ?? 0
        return try await update { (streams, now) throws(ServiceError) in
            let name = try input.streamName(in: streams)
            let stream = try streams.readyStream(name, at: now)
            let limit = stream.recordBytes
            guard largest <= limit else {
                throw .invalidArgument(
                    "A record of \(largest) bytes, its partition key included, exceeds the maximum record size of \(limit) bytes of stream \(name)."
                )
            }
            let placements = try streams.place(keys, into: name, at: now)
            let records = zip(entries, placements).map { entry, placement in
                StoredRecord(
                    shard: placement.shardKey, counter: placement.counter, arrivedAt: placement.arrivedAt, partitionKey: entry.partitionKey,
                    data: entry.data)
            }
            return (PutOutcome(placements: placements, encryptionType: stream.settings.encryptionType), [.append(records)])
        }
    }
}
