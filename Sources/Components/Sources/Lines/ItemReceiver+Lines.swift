import Leasing
import Records

extension ItemReceiver {
    /// Takes lines into the pipeline, in batches of about `linesInBatch` bytes.
    func deliver(
        _ lines: [LineSplitter.Line], from place: ReadPlace, _ decoder: LineDecoder, progress: ShardProgress
    ) async throws {
        var rest = lines[...]
        while let first = rest.first {
            let group = rest.prefix { $0.end - first.offset <= linesInBatch }
            let batch = group.isEmpty ? rest.prefix(1) : group
            rest = rest[batch.endIndex...]
            let items = decoder.items(of: batch, from: place)
            if !items.isEmpty { try await deliver(items, progress: progress) }
        }
    }
}

/// Bytes: what a batch becomes on its way into the sinks' queues stays in the processor's cache.
private let linesInBatch = 64 << 10
