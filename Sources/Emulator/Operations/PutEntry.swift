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
        hashKey = try Self.hashKey(of: input)
    }

    static func hashKey(of input: Input) throws(ServiceError) -> HashKey {
        try input.hashKey("ExplicitHashKey") ?? HashKey(partitionKey: input.required("PartitionKey"))
    }

    var byteCount: Int { partitionKey.utf8.count + data.count }
}

/// What became of records that were put.
struct PutOutcome: Sendable {
    enum Entry: Sendable {
        case placed(Placement)
        case refused(ServiceError)
    }

    /// In the order of the records.
    var entries: [Entry]
    /// AWS: EncryptionType.
    var encryptionType: String
}

extension Streams {
    fileprivate func putSettings(_ name: String, at now: Int64) throws(ServiceError) -> (recordBytes: Int, encryptionType: String) {
        let stream = try readyStream(name, at: now)
        return (stream.recordBytes, stream.settings.encryptionType)
    }
}

extension StreamEngine {
    /// Puts records, in their order, into the stream that `input` names; quotas and faults refuse single ones.
    func put(_ entries: [PutEntry], into input: Input) async throws -> PutOutcome {
        let largest = entries.map(\.byteCount).max() ?? 0
        return try await update { [self] (streams, now) throws(ServiceError) in
            let name = try input.streamName(in: streams)
            // Not kept in hand: placing records would copy the shards of a stream that is.
            let (limit, encryptionType) = try streams.putSettings(name, at: now)
            guard largest <= limit else {
                throw .invalidArgument(
                    "A record of \(largest) bytes, its partition key included, exceeds the maximum record size of \(limit) bytes of stream \(name)."
                )
            }
            let refused = try refusals(of: entries, input.faults, to: streams.readyStream(name, at: now))
            let taken = refused.isEmpty ? entries : entries.indices.filter { refused[$0] == nil }.map { entries[$0] }
            let placements = try streams.place(taken.map(\.hashKey), into: name, at: now)
            let records = zip(taken, placements).map { entry, placement in
                StoredRecord(
                    shard: placement.shardKey, counter: placement.counter, arrivedAt: placement.arrivedAt, partitionKey: entry.partitionKey,
                    data: entry.data)
            }
            var placed = placements.makeIterator()
            let outcomes = entries.indices.compactMap { place in
                refused[place].map(PutOutcome.Entry.refused) ?? placed.next().map(PutOutcome.Entry.placed)
            }
            return (PutOutcome(entries: outcomes, encryptionType: encryptionType), records.isEmpty ? [] : [.append(records)])
        }
    }

    /// Why records are refused, by their places.
    private func refusals(of entries: [PutEntry], _ faults: RequestFaults, to stream: StreamState) -> [Int: ServiceError] {
        guard quotas.isEnforcing || faults.failsRecords else { return [:] }
        let shards = entries.map { stream.shards[stream.route($0.hashKey)] }
        func rateExceeded(_ place: Int) -> ServiceError { .rateExceeded(shards[place].id, stream.name, accountID) }
        var refused: [Int: ServiceError] = [:]
        for (place, code) in faults.refused(shards.map(\.id)) {
            let isRate = code == rateExceeded(place).code
            refused[place] = isRate ? rateExceeded(place) : ServiceError(injected: code)
        }
        for place in entries.indices where refused[place] == nil {
            if !quotas.admitWrite(shards[place].key, bytes: entries[place].byteCount) { refused[place] = rateExceeded(place) }
        }
        return refused
    }
}
