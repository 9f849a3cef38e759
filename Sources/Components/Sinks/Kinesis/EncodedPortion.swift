import Records

/// The records of one write, without their values, which the payloads hold: all that dead letters and acknowledgements need.
///
/// What is encoded refers to its record by the index in here.
final class EncodedBatch: Sendable {
    /// What waits for them.
    let delivery: Delivery
    private let origins: RecordOrigins

    init(_ batch: SinkBatch) {
        delivery = batch.delivery
        origins = batch.records.origins
    }

    /// What a dead letter needs.
    func record(at index: Int) -> SinkRecord { SinkRecord(Record(.null, origin: origins[index]), delivery: delivery) }
}

/// Encoded records of one batch, in their order: what a writer hands over at once.
struct EncodedPortion: Sendable {
    let batch: EncodedBatch
    private var payloads = ByteSlices()
    /// For each payload, the place of its record in the batch.
    private var indices: [Int] = []
    /// Of every record, where any of them may have one.
    private var keys: [RecordKey?] = []
    /// What they count until they are acknowledged.
    private(set) var share = Allowance.Share()

    private let mayHaveKeys: Bool

    private static let mostReserved = 72 << 10

    /// - Parameters:
    ///   - count: at most so many will be added.
    ///   - mayHaveKeys: false where none of them is sent with a key.
    init(of batch: EncodedBatch, count: Int, mayHaveKeys: Bool) {
        self.batch = batch
        self.mayHaveKeys = mayHaveKeys
        payloads.reserveCapacity(count)
        indices.reserveCapacity(count)
    }

    var count: Int { indices.count }

    /// Adds a record, or throws why the stream can never take it.
    mutating func append(_ records: RecordBatch, at index: Int, _ encoder: RecordEncoder) throws(Failure) {
        let key = mayHaveKeys ? try encoder.key(of: records[index]) : nil
        try encoder.encode(records.content(at: index), into: &payloads)
        if mayHaveKeys { keys.append(key) }
        indices.append(index)
        share.add(Allowance.Share(records: 1, bytes: payloads.count(at: count - 1)))
        // Records of one batch are alike: the first one tells what all will come to.
        if count == 1 { payloads.reserveBytes(min(indices.capacity * payloads.writtenBytes, Self.mostReserved)) }
    }

    /// Begins the next one of the batch, which will come to about the same.
    mutating func removeAll() {
        let bytes = payloads.writtenBytes
        self = EncodedPortion(of: batch, count: count, mayHaveKeys: mayHaveKeys)
        payloads.reserveBytes(bytes + bytes / 8)
    }

    /// What was encoded of the record at this place of the portion.
    func payload(at place: Int) -> SharedBytes { payloads[place] }
    func key(at place: Int) -> RecordKey? { mayHaveKeys ? keys[place] : nil }
    /// Its place in the batch.
    func index(at place: Int) -> Int { indices[place] }
}
