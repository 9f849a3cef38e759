public import Records

/// Why a record was not accepted, or why a producer ended.
public enum ProducerError: Error, Sendable, Hashable {
    /// A partition key has 1 to 256 characters (API model of PutRecords).
    case partitionKeyLength(Int)
    /// An explicit hash key is a decimal below 2^128 (API model of PutRecords).
    case explicitHashKey(String)
    /// Data and partition key have more bytes than the stream takes in one record.
    case recordTooLarge(bytes: Int, limit: Int)
    /// The producer was told to finish before this record came.
    case finished
    /// The stream refuses all records for a reason that sending again does not change.
    case failed(Failure)

    /// Whether only the record is at fault: the producer goes on without it.
    public var concernsRecord: Bool {
        switch self {
        case .partitionKeyLength, .explicitHashKey, .recordTooLarge: true
        case .finished, .failed: false
        }
    }

    /// The error in the words of the agent.
    public var failure: Failure {
        switch self {
        case .partitionKeyLength(let count):
            Failure(
                "invalid_partition_key", "A partition key has \(count) characters, Kinesis takes 1 to 256", hint: "Change partition_key.")
        case .explicitHashKey(let text):
            Failure(
                "invalid_hash_key", "The explicit hash key \(text.prefix(64).debugDescription) is not a whole number below 2^128",
                hint: "Change explicit_hash_key.")
        case .recordTooLarge(let bytes, let limit):
            Failure(
                "record_too_large", "A record has \(bytes) bytes with its partition key, the stream takes \(limit)",
                hint: "Lower the processor's max_size, or raise the stream's MaxRecordSizeInKiB (at most 10240).")
        case .finished:
            Failure("producer_finished", "A record came after the producer was told to finish")
        case .failed(let failure): failure
        }
    }
}
