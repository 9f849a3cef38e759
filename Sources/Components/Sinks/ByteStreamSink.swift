import NIOPosix
import Records

/// Writes to one file descriptor: chunks queue up while the last ones are being made durable, and share the next write.
final class ByteStreamSink: Sendable {
    private let queue: BoundedQueue<ByteStreamWriter.Chunk>
    private let writer: ByteStreamWriter
    private let output: OutputFile

    /// Chunks in the queue; a chunk holds the records of one batch.
    private static let queueLimit = 16

    init(output: OutputFile, writer: ByteStreamWriter) {
        self.output = output
        self.writer = writer
        queue = BoundedQueue(limit: Self.queueLimit)
    }

    func write(_ records: [SinkRecord]) async throws {
        let chunk = try await writer.chunk(of: records)
        if !chunk.deliveries.isEmpty { try await queue.put([chunk]) }
    }

    func run() async throws {
        do {
            while let chunks = await queue.take() {
                if chunks.isEmpty {
                    try Task.checkCancellation()
                    continue
                }
                // A blocking write must not hold one of the few threads that run tasks.
                try await NIOThreadPool.singleton.runIfActive { [output] in
                    for chunk in chunks { try output.write(chunk.data) }
                    try output.synchronize()
                }
                for chunk in chunks { for delivery in chunk.deliveries { delivery.acknowledge() } }
            }
        } catch {
            queue.fail(error)
            throw error
        }
    }

    func finish() { queue.finish() }
}
