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

    /// Throws what makes the record one that the stream can never take.
    ///
    /// - Parameters:
    ///   - index: its place in its batch.
    ///   - buffer: takes the bytes that have to be written; when it throws, what was appended is undefined.
    func encode(_ record: Record, at index: Int, into buffer: inout [UInt8]) throws(Failure) -> EncodedRecord {
        let payload: EncodedRecord.Payload
        if let ready = processor.readyPayload(of: record.content) {
            payload = .ready(ready)
        } else {
            let start = buffer.count
            do throws(ProcessorError) { try processor.serialize(record.content, into: &buffer) } catch { throw error.failure }
            payload = .written(start..<buffer.count)
        }
        let key = try evaluate(partitionKey, record) ?? record.origin.partitionKey
        let hashKey = try evaluate(explicitHashKey, record) ?? record.origin.explicitHashKey
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
