import Processors
import Records

/// Puts records one after the other into a stream of bytes, as files and pipes want them.
struct ByteStreamWriter: Sendable {
    /// The bytes of some records, with the batches that wait for them.
    struct Chunk: Sendable {
        var data: [UInt8] = []
        var deliveries: [Delivery] = []
    }

    private let processor: ProcessorSpec
    private let reject: @Sendable (SinkRecord, Failure) async throws -> Void

    init(processor: ProcessorSpec, context: SinkContext) {
        self.processor = processor
        reject = context.reject
    }

    func chunk(of records: [SinkRecord]) async throws -> Chunk {
        var chunk = Chunk()
        var aggregation = Aggregation<Delivery>(processor)
        for record in records {
            do throws(ProcessorError) {
                let payload = try processor.serialize(record.record.value)
                append(try aggregation.add(payload, item: record.delivery, partitionKey: nil), to: &chunk)
            } catch {
                try await reject(record, error.failure)
            }
        }
        append(aggregation.flush(), to: &chunk)
        return chunk
    }

    private func append(_ outputs: [AggregatedRecord<Delivery>], to chunk: inout Chunk) {
        for output in outputs {
            chunk.data += output.data
            if needsLineEnd { chunk.data.append(UInt8(ascii: "\n")) }
            chunk.deliveries += output.items
        }
    }

    /// Formats that do not end or measure themselves are set apart by line ends; raw bytes stay as they are.
    private var needsLineEnd: Bool {
        switch processor.aggregator {
        case .newline, .netstring, .kpl: false
        case .list: true
        case .simple: processor.serializer != .raw
        }
    }
}
