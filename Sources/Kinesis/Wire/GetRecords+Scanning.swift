import JSON
import Records
import Wire

extension GetRecords {
    /// A page of records as nearly all pages are, read without a copy of the body; nil where it is anything else, and is to be parsed.
    func scanned(_ body: [UInt8]) -> GetRecordsReply? {
        body.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            do throws(JSONScanner.Unexpected) {
                let reply = try Self.page(&scanner)
                try scanner.end()
                return reply
            } catch {
                return nil
            }
        }
    }

    private static func page(_ scanner: inout JSONScanner) throws(JSONScanner.Unexpected) -> GetRecordsReply {
        var reply = GetRecordsReply(records: [], nextIterator: nil, millisBehindLatest: nil, childShards: [])
        try scanner.object { (scanner, key) throws(JSONScanner.Unexpected) in
            if key.spells("Records") {
                try scanner.array { (scanner) throws(JSONScanner.Unexpected) in reply.records.append(try record(&scanner)) }
            } else if key.spells("NextShardIterator") {
                reply.nextIterator = try scanner.optionalString().map { String(decoding: $0, as: UTF8.self) }
            } else if key.spells("MillisBehindLatest") {
                reply.millisBehindLatest = try scanner.thousandths() / 1_000
            } else {
                // Child shards come once in a shard's life.
                throw JSONScanner.Unexpected()
            }
        }
        return reply
    }

    private static func record(_ scanner: inout JSONScanner) throws(JSONScanner.Unexpected) -> KinesisRecord {
        var data: [UInt8]?
        var key: String?
        var sequence: SequenceNumber?
        var arrivedAt: Int64 = 0
        try scanner.object { (scanner, name) throws(JSONScanner.Unexpected) in
            if name.spells("Data") {
                data = Base64.decode(try scanner.blob())
            } else if name.spells("PartitionKey") {
                key = String(validating: try scanner.string(), as: UTF8.self)
            } else if name.spells("SequenceNumber") {
                sequence = SequenceNumber(String(decoding: try scanner.string(), as: UTF8.self))
            } else if name.spells("ApproximateArrivalTimestamp") {
                arrivedAt = try scanner.thousandths()
            } else if name.spells("EncryptionType") {
                _ = try scanner.optionalString()
            } else {
                throw JSONScanner.Unexpected()
            }
        }
        guard let data, let key, let sequence else { throw JSONScanner.Unexpected() }
        return KinesisRecord(data: data, partitionKey: key, sequenceNumber: sequence, arrivedAt: arrivedAt)
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func spells(_ name: StaticString) -> Bool {
        count == name.utf8CodeUnitCount && elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }
}
