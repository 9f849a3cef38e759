import FoundationEssentials
import OrderedCollections
import Records

/// What is written of a record that could not be delivered: why, where it came from, and its bytes as they were read.
enum DeadLetter {
    static func record(of record: Record, failure: Failure, node: String) -> Record {
        let origin = record.origin
        var letter: ValueMap = [
            "reason": .string(failure.message), "code": .string(failure.code), "node": .string(node), "source": .string(origin.batch.source),
        ]
        func add(_ key: String, _ value: Value?) {
            if let value { letter[key] = value }
        }
        add("stream", origin.batch.stream.map { .string($0) })
        add("shard", origin.batch.shard.map { .string($0) })
        add("sequence", origin.sequence.map { .string($0) })
        add("sub_sequence", origin.sequence.map { _ in .int(Int64(origin.subSequence)) })
        add("partition_key", record.partitionKey.map { .string($0) })
        add("arrived_at", origin.arrivedAt.map { .string(timestamp($0)) })
        add("file", origin.batch.file.map { .string($0) })
        add("offset", origin.offset.map { .int($0) })
        letter["data"] = .string(Data(record.raw).base64EncodedString())
        return Record(.map(letter), partitionKey: record.partitionKey, origin: origin, raw: record.raw)
    }

    /// RFC 3339 with milliseconds, UTC.
    private static func timestamp(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
            + "Z"
    }
}
