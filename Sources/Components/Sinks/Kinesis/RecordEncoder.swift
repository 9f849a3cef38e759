import Coordination
import Expressions
import Kinesis
import Processors
import Records

/// Turns a record into the bytes and the key that a stream is given: pure.
struct RecordEncoder: Sendable {
    let processor: ProcessorSpec
    let partitionKey: Program?
    let explicitHashKey: Program?

    /// Appends the bytes of a record, or throws why they cannot be made.
    func encode(_ content: Content, into payloads: inout ByteSlices) throws(Failure) {
        if let ready = processor.readyPayload(of: content) { return payloads.append(ready) }
        do throws(ProcessorError) {
            try payloads.append { (bytes) throws(ProcessorError) in try processor.serialize(content, into: &bytes) }
        } catch {
            throw error.failure
        }
    }

    /// False where none of the records is sent with a key.
    func mayHaveKeys(_ records: RecordBatch) -> Bool { partitionKey != nil || explicitHashKey != nil || records.mayHaveKeys }

    /// Throws where the stream can never take a record with such a key; nil where it is sent with none.
    func key(of record: Record) throws(Failure) -> RecordKey? {
        let partitionKey = try evaluate(partitionKey, record) ?? record.origin.partitionKey
        let explicitHashKey = try evaluate(explicitHashKey, record) ?? record.origin.explicitHashKey
        guard let key = RecordKey(partitionKey: partitionKey, explicitHashKey: explicitHashKey) else { return nil }
        // Before it joins an aggregate, where a bad key would be found too late to tell whose it is.
        do throws(ProducerError) {
            try RecordKeys.check(partitionKey: partitionKey, explicitHashKey: explicitHashKey)
        } catch {
            throw error.failure
        }
        return processor.aggregator == .kpl ? key.located() : key
    }

    private func evaluate(_ program: Program?, _ record: Record) throws(Failure) -> String? {
        do throws(EvaluationError) {
            return try program?.evaluateString(record)
        } catch {
            throw Failure("partition_key_failed", error.message, hint: "guard missing fields with `orValue` or `has()`")
        }
    }
}
