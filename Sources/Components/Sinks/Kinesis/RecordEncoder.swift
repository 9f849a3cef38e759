import Coordination
import Expressions
import Kinesis
import Processors
import Records

/// Turns a record into the bytes and keys that a stream is given: pure.
struct RecordEncoder: Sendable {
    let processor: ProcessorSpec
    let partitionKey: Program?
    let explicitHashKey: Program?

    /// Throws what makes the record one that the stream can never take. `index` is its place in its batch.
    func encode(_ record: Record, at index: Int) throws(Failure) -> EncodedRecord {
        let payload: ArraySlice<UInt8>
        do throws(ProcessorError) {
            payload = try processor.payload(of: record.content)
        } catch {
            throw error.failure
        }
        let key = try evaluate(partitionKey, record) ?? record.partitionKey
        let hashKey = try evaluate(explicitHashKey, record) ?? record.explicitHashKey
        // Before it joins an aggregate, where a bad key would be found too late to tell whose it is.
        do throws(ProducerError) { try RecordKeys.check(partitionKey: key, explicitHashKey: hashKey) } catch { throw error.failure }
        let encoded = EncodedRecord(payload: payload, partitionKey: key, explicitHashKey: hashKey, at: index)
        return processor.aggregator == .kpl ? encoded.located() : encoded
    }

    private func evaluate(_ program: Program?, _ record: Record) throws(Failure) -> String? {
        do throws(EvaluationError) {
            return try program?.evaluateString(record)
        } catch {
            throw Failure("partition_key_failed", error.message, hint: "guard missing fields with `orValue` or `has()`")
        }
    }
}
