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
        var items: [SourceItem] = []
        for record in page.records {
            append(record, of: page, origin: origin, to: &items)
            if items.count >= Self.batchSize {
                try await receiver.deliver(items, progress: page.progress)
                items.removeAll(keepingCapacity: true)
            }
        }
        if !items.isEmpty { try await receiver.deliver(items, progress: page.progress) }
    }

    private func append(_ record: KinesisRecord, of page: ShardPage, origin: BatchOrigin, to items: inout [SourceItem]) {
        let sequence = record.sequenceNumber
        func place(_ subSequence: Int) -> Origin {
            Origin(origin, sequence: sequence.digits, subSequence: subSequence, arrivedAt: record.arrivedAt)
        }
        let whole = Position.sequence(sequence, subSequence: nil)
        guard let users = KPL.deaggregate(record.data), !users.isEmpty else {
            decode(record.data, key: record.partitionKey, hashKey: nil, origin: place(0), position: whole, into: &items)
            return
        }
        let done = page.resumedAfter.flatMap { $0.sequence == sequence ? $0.subSequence : nil } ?? -1
        for (index, user) in users.enumerated() where index > done {
            let position = index == users.count - 1 ? whole : .sequence(sequence, subSequence: index)
            decode(
                user.data, key: user.partitionKey, hashKey: user.explicitHashKey, origin: place(index), position: position, into: &items)
        }
    }

    private func decode(
        _ data: [UInt8], key: String, hashKey: String?, origin: Origin, position: Position, into items: inout [SourceItem]
    ) {
        var record = Record(.null, partitionKey: key, explicitHashKey: hashKey, origin: origin, raw: data)
        do throws(ProcessorError) {
            let values = try processor.decode(data)
            // A position counts only with the last value: the others are done together with it.
            for (index, value) in values.enumerated() {
                record.value = value
                items.append(SourceItem(record, position: index == values.count - 1 ? position : nil))
            }
        } catch {
            items.append(SourceItem(record, failure: error.failure, position: position))
        }
    }
}
