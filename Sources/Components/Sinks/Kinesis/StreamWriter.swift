import Coordination
import Kinesis
import Leasing
import Processors
import Records

/// Encodes records, puts them together and hands them to a producer.
///
/// Encoding and putting together happen on the writers' tasks: the bytes stay with the processor core that has them. One task hands what
/// comes of it to the producer, in the order in which it was put together.
final class StreamWriter: Sendable {
    private let producer: Producer<Parcel>
    private let encoder: RecordEncoder
    private let line: AssemblyLine
    /// All records between `write` and their acknowledgement: in open aggregates and in the producer.
    private let allowance: Allowance
    private let context: SinkContext
    private let afterFlush: FlushCommand?

    /// Encoded bytes that may wait for their acknowledgement: some requests of the largest size.
    private static let allowedBytes = 8 << 20
    /// Writers, who take turns, get so much at once. With more, those that feed one shard would have taken all there is before the turn
    /// comes of those that feed another, which then idles below its limit.
    private static let portion = Allowance.Share(records: 100, bytes: 64 << 10)

    init(
        stream: StreamIdentifier, transport: any PutRecordsTransport, configuration: ProducerConfiguration, bufferTime: Duration,
        encoder: RecordEncoder, afterFlush: FlushCommand? = nil, context: SinkContext
    ) {
        self.encoder = encoder
        self.afterFlush = afterFlush
        self.context = context
        let allowance = Allowance(records: configuration.maxQueueSize, bytes: Self.allowedBytes)
        self.allowance = allowance
        let processor = encoder.processor
        let line = AssemblyLine(Assembly(processor, bufferTime: bufferTime))
        self.line = line
        var onFlushed: (@Sendable (FlushReport<Parcel>) -> Void)?
        if let afterFlush { onFlushed = { report in afterFlush.flushed(FlushOutcome(report)) } }
        producer = Producer(
            stream: stream, transport: transport, configuration: configuration, logger: context.logger,
            metrics: ProducerMetrics(pipeline: context.pipeline, node: context.node, stream: stream),
            split: { entry, map in entry.takenApart(map, processor) },
            isAbandoned: { $0.isAbandoned }, onFlushed: onFlushed,
            onAcknowledged: { parcels in
                Self.acknowledge(parcels, allowance)
                // What waits for company may have to go without it now.
                if allowance.isUsedUp { line.nudge() }
            })
    }

    func write(_ batch: SinkBatch) async throws {
        let records = batch.records
        var portion = EncodedPortion(
            of: EncodedBatch(batch), count: min(records.count, Self.portion.records), mayHaveKeys: encoder.mayHaveKeys(records))
        for index in records.indices {
            do throws(Failure) {
                try portion.append(records, at: index, encoder)
            } catch {
                try await context.reject(SinkRecord(records[index], delivery: batch.delivery), error)
            }
            guard portion.share.records >= Self.portion.records || portion.share.bytes >= Self.portion.bytes else { continue }
            try await pass(portion)
            portion.removeAll()
        }
        if portion.share.records > 0 { try await pass(portion) }
    }

    private func pass(_ portion: EncodedPortion) async throws {
        // KPL aggregates are made for a shard: without the map there would be one for each key.
        if isKPL { await producer.shardsListed() }
        try await allowance.take(portion.share, for: portion.batch.delivery.origin)
        try line.add(portion, isKPL ? producer.shardMap : nil)
        if allowance.isUsedUp { line.nudge() }
    }

    private var isKPL: Bool { encoder.processor.aggregator == .kpl }

    func run() async throws {
        do {
            try await withThrowingTaskGroup(of: (any Error)?.self) { group in
                group.addTask {
                    try await self.producer.run()
                    self.afterFlush?.finish()
                    return nil
                }
                group.addTask { await self.forward() }
                if let afterFlush {
                    group.addTask {
                        await afterFlush.run()
                        return nil
                    }
                }
                var refusal: (any Error)?
                while let end = try await group.next() { refusal = refusal ?? end }
                if let refusal { throw refusal }
            }
        } catch {
            let error = (error as? ProducerError)?.failure ?? error
            fail(error)
            throw error
        }
    }

    func finish() { line.finish() }

    private func fail(_ error: any Error) {
        line.fail(error)
        allowance.fail(error)
    }

    /// Records of one batch lie beside each other: their acknowledgement is one.
    private static func acknowledge(_ parcels: [Parcel], _ allowance: Allowance) {
        var share = Allowance.Share()
        var delivery: Delivery?
        func settle() {
            guard let delivery else { return }
            allowance.giveBack(share, of: delivery.origin)
            delivery.acknowledge(share.records)
        }
        for parcel in parcels {
            for run in parcel.runs {
                let own = run.batch.delivery
                if own !== delivery {
                    settle()
                    (delivery, share) = (own, Allowance.Share())
                }
                share.add(run.share)
            }
        }
        settle()
    }

    /// For records that go elsewhere.
    private func refuse(_ parcel: Parcel, _ failure: Failure) async throws {
        for run in parcel.runs {
            allowance.giveBack(run.share, of: run.batch.delivery.origin)
            for index in run.indices { try await context.reject(run.batch.record(at: index), failure) }
        }
    }
}

// MARK: Handing on

extension StreamWriter {
    /// Answers why it ended early. What was accepted before a record that stops the pipeline is still sent.
    private func forward() async -> (any Error)? {
        defer { producer.finish() }
        do {
            try await handOn()
            return nil
        } catch {
            // A cancellation follows from the producer's end, whose reason the writers are told.
            if !Task.isCancelled { fail(error) }
            return error
        }
    }

    private func handOn() async throws {
        while true {
            try Task.checkCancellation()
            let news = line.news()
            let work = line.take(isStarved: allowance.isUsedUp && producer.isShortOfRecords)
            try await put(work.outputs)
            if work.isLate { producer.flush() }
            if work.isLast { return }
            guard work.outputs.isEmpty else { continue }
            if let patience = work.patience { await news.wait(atMost: patience) } else { await news.wait() }
        }
    }

    private func put(_ outputs: [Assembly.Output]) async throws {
        guard !outputs.isEmpty else { return }
        var entries: [ProducerEntry<Parcel>] = []
        entries.reserveCapacity(outputs.count)
        for output in outputs {
            let (refused, failure): (Parcel, Failure)
            switch output {
            case .record(let record):
                do throws(ProducerError) {
                    entries.append(try entry(record))
                    continue
                } catch {
                    (refused, failure) = (record.items, error.failure)
                }
            case .refused(let parcel, let reason): (refused, failure) = (parcel, reason)
            }
            // What came before goes first, for the rejection may stop the pipeline.
            try await producer.put(entries)
            entries = []
            try await refuse(refused, failure)
        }
        try await producer.put(entries)
    }

    private func entry(_ record: AggregatedRecord<Parcel>) throws(ProducerError) -> ProducerEntry<Parcel> {
        let entry = try ProducerEntry(record)
        let limit = producer.configuration.maxRecordSize
        guard entry.size <= limit else { throw .recordTooLarge(bytes: entry.size, limit: limit) }
        return entry
    }
}
