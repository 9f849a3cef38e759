import Kinesis
import Processors
import Records

/// Turns the pages of a shard into records: opens KPL aggregates, then decodes what is inside.
struct PageDecoder: ShardPageReceiver {
    let source: String
    let stream: String
    let processor: ProcessorSpec
    let receiver: any ItemReceiver

    /// Items delivered at once: so many share one acknowledgement and one step of the checkpoint.
    private static let batchSize = 500

    func receive(_ page: ShardPage) async throws {
        let origin = BatchOrigin(source: source, stream: stream, shard: page.shard)
        var batch = SourceBatch(processor)
        for record in page.records {
            append(record, of: page, origin: origin, to: &batch)
            if batch.count >= Self.batchSize {
                try await receiver.deliver(batch.finish(), progress: page.progress)
                batch = SourceBatch(processor)
            }
        }
        if batch.count > 0 { try await receiver.deliver(batch.finish(), progress: page.progress) }
    }

    private func append(_ record: KinesisRecord, of page: ShardPage, origin: BatchOrigin, to batch: inout SourceBatch) {
        let sequence = record.sequenceNumber
        func place(_ subSequence: Int) -> Origin {
            Origin(origin, sequence: sequence.digits, subSequence: subSequence, arrivedAt: record.arrivedAt)
        }
        let whole = Position.sequence(sequence, subSequence: nil)
        guard let users = KPL.deaggregate(record.data), !users.isEmpty else {
            batch.read(Record(.value(.null), partitionKey: record.partitionKey, origin: place(0), raw: record.data[...]), position: whole)
            return
        }
        let done = page.resumedAfter.flatMap { $0.sequence == sequence ? $0.subSequence : nil } ?? -1
        for (index, user) in users.enumerated() where index > done {
            let position = index == users.count - 1 ? whole : .sequence(sequence, subSequence: index)
            batch.read(
                Record(
                    .value(.null), partitionKey: user.partitionKey, explicitHashKey: user.explicitHashKey, origin: place(index),
                    raw: user.data[...]),
                position: position)
        }
    }
}
