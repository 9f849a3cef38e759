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
        let place = ReadPlace(source: source, stream: stream, shard: page.shard)
        var batch = SourceBatch(processor, from: place)
        for record in page.records {
            append(record, of: page, to: &batch)
            if batch.count >= Self.batchSize {
                try await receiver.deliver(batch.finish(), progress: page.progress)
                batch = SourceBatch(processor, from: place)
            }
        }
        if batch.count > 0 { try await receiver.deliver(batch.finish(), progress: page.progress) }
    }

    private func append(_ record: KinesisRecord, of page: ShardPage, to batch: inout SourceBatch) {
        let sequence = record.sequenceNumber
        let whole = Position.sequence(sequence, subSequence: nil)
        guard let users = KPL.deaggregate(record.data), !users.isEmpty else {
            let entry = ReadEntry(
                sequence: sequence.digits, partitionKey: record.partitionKey, arrivedAt: record.arrivedAt, raw: record.data[...])
            batch.read(record.data, as: entry, position: whole)
            return
        }
        let done = page.resumedAfter.flatMap { $0.sequence == sequence ? $0.subSequence : nil } ?? -1
        for (index, user) in users.enumerated() where index > done {
            let entry = ReadEntry(
                sequence: sequence.digits, subSequence: index, partitionKey: user.partitionKey, explicitHashKey: user.explicitHashKey,
                arrivedAt: record.arrivedAt, raw: user.data[...])
            batch.read(user.data, as: entry, position: index == users.count - 1 ? whole : .sequence(sequence, subSequence: index))
        }
    }
}
