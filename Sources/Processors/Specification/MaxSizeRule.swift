import Records

/// Which maximum sizes a processor may have.
///
/// async-kinesis counts in PUT payload units of 25 KiB, 1 to 40 of them, and rounds down; only for KPL does it count bytes.
/// Bytes as they are count in bytes too, so that a relay can pass on whatever Kinesis takes.
struct MaxSizeRule {
    /// AWS prices PUTs by this unit ("Amazon Kinesis Data Streams pricing"); async-kinesis floors to it.
    static let payloadUnit = 25 * 1024
    static let largestUnits = 40
    /// The largest record that a stream takes unless its MaxRecordSizeInKiB is raised; data and partition key count (API PutRecord).
    static let recordLimit = 1 << 20
    /// The largest data blob of all (API PutRecord: 10,485,760 bytes).
    static let largestRecordLimit = 10 << 20

    private let countsBytes: Bool

    init(_ aggregator: AggregatorKind, _ serializer: SerializerKind) {
        countsBytes = aggregator == .kpl || serializer == .raw
    }

    var defaultLimit: ByteSize {
        ByteSize(bytes: countsBytes ? Self.recordLimit : Self.payloadUnit * Self.largestUnits)
    }

    func limit(_ requested: ByteSize) throws(ProcessorError) -> ByteSize {
        if countsBytes {
            guard (1...Self.largestRecordLimit).contains(requested.bytes) else {
                throw ProcessorError(
                    .invalidMaxSize, "A maximum size of \(requested) is out of range",
                    hint: "Give 1 byte to \(ByteSize(bytes: Self.largestRecordLimit)).")
            }
            return requested
        }
        let units = requested.bytes / Self.payloadUnit
        guard (1...Self.largestUnits).contains(units) else {
            throw ProcessorError(
                .invalidMaxSize, "A maximum size of \(requested) is out of range",
                hint: "Give 25 KiB to 1024 KiB; it is rounded down to a multiple of 25 KiB.")
        }
        return ByteSize(bytes: units * Self.payloadUnit)
    }
}
