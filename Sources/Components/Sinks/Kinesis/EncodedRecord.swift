import Coordination
import Kinesis
import Processors
import Records

/// The records of one write, without their values, which the payloads hold: all that dead letters and acknowledgements need.
///
/// What is encoded refers to its record by the index in here. It is handed from task to task, and would count the references of a record
/// up and down each time, in memory that other tasks do the same to.
final class EncodedBatch: Sendable {
    /// What waits for them.
    let delivery: Delivery
    private let origins: [Origin]

    init(_ batch: SinkBatch) {
        delivery = batch.delivery
        origins = batch.records.map(\.origin)
    }

    /// What a dead letter needs.
    func record(at index: Int) -> SinkRecord { SinkRecord(Record(.null, origin: origins[index]), delivery: delivery) }
}

/// A record as a processor has encoded it, on its way into a Kinesis record.
struct EncodedRecord: Sendable {
    enum Payload: Sendable {
        /// In the memory of what was read, where it is the same bytes.
        case ready(ArraySlice<UInt8>)
        /// In the buffer of its portion.
        case written(Range<Int>)

        var count: Int {
            switch self {
            case .ready(let bytes): bytes.count
            case .written(let range): range.count
            }
        }
    }

    let payload: Payload
    let partitionKey: String?
    private(set) var explicitHashKey: String?
    /// Where its keys send it: known for KPL alone, whose aggregates are made for a shard; nil where it has no keys and may go anywhere.
    private(set) var hashKey: HashKey?
    /// Its place in its batch.
    let index: Int

    init(payload: Payload, partitionKey: String?, explicitHashKey: String?, at index: Int) {
        self.payload = payload
        self.partitionKey = partitionKey
        self.explicitHashKey = explicitHashKey
        self.index = index
    }

    /// With the point of the hash space that its keys name.
    func located() -> EncodedRecord {
        var located = self
        located.hashKey = explicitHashKey.flatMap { HashKey($0) } ?? partitionKey.map { HashKey(partitionKey: $0) }
        return located
    }

    /// Sent where `point` is, in the stead of keys.
    func sent(to point: inout KeylessPoint) -> EncodedRecord {
        var sent = self
        sent.explicitHashKey = point.text
        sent.hashKey = point.hashKey
        return sent
    }
}

/// Encoded records of one batch, in their order: what a writer hands over at once.
struct EncodedPortion: Sendable {
    let batch: EncodedBatch
    private(set) var records: [EncodedRecord] = []
    /// What they count until they are acknowledged.
    private(set) var share = Allowance.Share()
    /// The bytes of those that had to be written.
    private var buffer: [UInt8] = []

    private static let mostReserved = 72 << 10

    /// - Parameter count: at most so many will be added.
    init(of batch: EncodedBatch, count: Int) {
        self.batch = batch
        records.reserveCapacity(count)
    }

    /// Adds a record, or throws why the stream can never take it.
    mutating func append(_ record: Record, at index: Int, _ encoder: RecordEncoder) throws(Failure) {
        let end = buffer.count
        do throws(Failure) {
            let encoded = try encoder.encode(record, at: index, into: &buffer)
            share.add(Allowance.Share(records: 1, bytes: encoded.payload.count))
            records.append(encoded)
            // Records of one batch are alike: the first one tells what all will come to.
            if records.count == 1 { buffer.reserveCapacity(min(records.capacity * buffer.count, Self.mostReserved)) }
        } catch {
            buffer.removeLast(buffer.count - end)
            throw error
        }
    }

    /// Begins the next one of the batch, which will come to about the same.
    mutating func removeAll() {
        let bytes = buffer.count
        self = EncodedPortion(of: batch, count: records.count)
        buffer.reserveCapacity(bytes + bytes / 8)
    }

    func payload(of record: EncodedRecord) -> ArraySlice<UInt8> {
        switch record.payload {
        case .ready(let bytes): bytes
        case .written(let range): buffer[range]
        }
    }
}

/// Where records without a key go inside KPL aggregates: a random point of the hash space for each aggregate, told as the explicit hash key.
///
/// A KPL aggregate names a partition key for every record, and its readers drop what does not belong to the shard: the stand-in for "no
/// key" alone would bind all of these records to one shard.
struct KeylessPoint {
    private(set) var hashKey = HashKey.random(in: .min ... .max)
    private(set) lazy var text = String(hashKey)

    mutating func renew() { self = KeylessPoint() }
}
