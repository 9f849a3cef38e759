import NIOPosix
import Records

/// Writes records to files or a pipe: what comes while the last chunks are being made durable queues up and shares the next write.
final class ByteStreamSink: Sendable {
    /// Framed records of one batch for each path in the order of writing, and the acknowledgements that wait for them.
    struct Chunk: Sendable {
        struct Part: Sendable {
            var path: String
            var data: [UInt8]
        }

        var parts: [Part] = []
        let delivery: Delivery
        var count = 0

        /// All of it is another agent's to write by now.
        var isAbandoned: Bool { delivery.isAbandoned }
        var size: Int { parts.reduce(0) { $0 + $1.data.count } }
    }

    private let queue = BoundedQueue<Chunk>(limit: 16, byteLimit: 4 << 20) { $0.size }
    private let output: any ByteOutput
    private let framing: ByteStreamFraming
    private let path: PathPattern
    private let reject: @Sendable (SinkRecord, Failure) async throws -> Void

    init(output: any ByteOutput, framing: ByteStreamFraming, path: PathPattern, context: SinkContext) {
        self.output = output
        self.framing = framing
        self.path = path
        reject = context.reject
    }

    func write(_ batch: SinkBatch) async throws {
        var chunk = Chunk(delivery: batch.delivery)
        for record in batch.records {
            do throws(Failure) {
                try append(record, to: &chunk)
            } catch {
                try await reject(SinkRecord(record, delivery: batch.delivery), error)
            }
        }
        if chunk.count > 0 { try await queue.put([chunk]) }
    }

    private func append(_ record: Record, to chunk: inout Chunk) throws(Failure) {
        let path = path.path(arrivedAt: record.origin.arrivedAt)
        if chunk.parts.last?.path == path {
            try framing.append(record.content, to: &chunk.parts[chunk.parts.count - 1].data)
        } else {
            var part = Chunk.Part(path: path, data: [])
            try framing.append(record.content, to: &part.data)
            chunk.parts.append(part)
        }
        chunk.count += 1
    }

    func run() async throws {
        do {
            while let chunks = await queue.take() {
                try Task.checkCancellation()
                guard !chunks.isEmpty else { continue }
                // A blocking write must not hold one of the few threads that run tasks.
                try await NIOThreadPool.singleton.runIfActive { [output] in
                    for chunk in chunks where !chunk.isAbandoned {
                        for part in chunk.parts { try output.write(part.data, to: part.path) }
                    }
                    try output.synchronize()
                }
                for chunk in chunks { chunk.delivery.acknowledge(chunk.count) }
            }
        } catch {
            queue.fail(error)
            throw error
        }
    }

    func finish() { queue.finish() }
}
