import Components
import FoundationEssentials
import OrderedCollections
import Records

/// A record that could not be delivered. What is written of it is made late: its bytes in base64 may be large, and are the same for all
/// values of one Kinesis record.
struct DeadLetter: Sendable {
    let refused: Record
    let failure: Failure
    let node: String

    /// Why, where it came from, and its bytes as they were read.
    var record: Record {
        let origin = refused.origin
        var letter: ValueMap = [
            "reason": .string(failure.message), "code": .string(failure.code), "node": .string(node),
            "source": .string(origin.place.source),
        ]
        func add(_ key: String, _ value: Value?) {
            if let value { letter[key] = value }
        }
        add("stream", origin.place.stream.map { .string($0) })
        add("shard", origin.place.shard.map { .string($0) })
        add("sequence", origin.sequence.map { .string($0) })
        add("sub_sequence", origin.sequence.map { _ in .int(Int64(origin.subSequence)) })
        add("partition_key", origin.partitionKey.map { .string($0) })
        add("arrived_at", origin.arrivedAt.map { .string(UTCTime(milliseconds: $0).rfc3339) })
        add("file", origin.place.file.map { .string($0) })
        add("offset", origin.offset.map { .int($0) })
        letter["data"] = .string(Data(origin.raw).base64EncodedString())
        return Record(.map(letter), origin: origin)
    }
}
