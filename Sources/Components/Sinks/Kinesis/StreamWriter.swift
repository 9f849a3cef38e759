import Coordination
import Kinesis
import Processors
import Records

/// Encodes records, puts them together and hands them to a producer.
///
/// Encoding happens on the writers' tasks, side by side; putting together happens on one task, so that records of one key enter their
/// aggregates, and these the producer, in the order in which they came.
final class StreamWriter: Sendable {
    private let producer: Producer<Parcel>
    private let encoder: RecordEncoder
    private let bufferTime: Duration
    private let queue: BoundedQueue<EncodedPortion>
    /// All records between `write` and their acknowledgement: in the queue, in open aggregates and in the producer.
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
        self.bufferTime = bufferTime
        self.afterFlush = afterFlush
        self.context = context
        let allowance = Allowance(records: configuration.maxQueueSize, bytes: Self.allowedBytes)
        self.allowance = allowance
        let queue = BoundedQueue<EncodedPortion>(limit: configuration.maxQueueSize, byteLimit: Self.allowedBytes) { $0.share.bytes }
        self.queue = queue
        let processor = encoder.processor
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
                if allowance.isUsedUp { queue.nudge() }
            })
    }

    func write(_ batch: SinkBatch) async throws {
        var portion = EncodedPortion(of: EncodedBatch(batch))
        for (index, record) in batch.records.enumerated() {
            do throws(Failure) {
                portion.append(try encoder.encode(record, at: index))
            } catch {
                try await context.reject(SinkRecord(record, delivery: batch.delivery), error)
            }
            guard portion.share.records >= Self.portion.records || portion.share.bytes >= Self.portion.bytes else { continue }
            try await pass(portion)
            portion.removeAll()
        }
        if portion.share.records > 0 { try await pass(portion) }
    }

    private func pass(_ portion: EncodedPortion) async throws {
        try await allowance.take(portion.share, for: portion.batch.delivery.origin)
        try await queue.put([portion])
    }

    func run() async throws {
        do {
            try await withThrowingTaskGroup(of: (any Error)?.self) { group in
                group.addTask {
                    try await self.producer.run()
                    self.afterFlush?.finish()
                    return nil
                }
                group.addTask { await self.putTogether() }
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

    func finish() { queue.finish() }

    private func fail(_ error: any Error) {
        queue.fail(error)
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

// MARK: Putting together

extension StreamWriter {
    private var isKPL: Bool { encoder.processor.aggregator == .kpl }

    /// Answers why it ended early. What was accepted before a record that stops the pipeline is still sent.
    private func putTogether() async -> (any Error)? {
        defer { producer.finish() }
        do {
            try await aggregate()
            return nil
        } catch {
            // A cancellation follows from the producer's end, whose reason the writers are told.
            if !Task.isCancelled { fail(error) }
            return error
        }
    }

    private func aggregate() async throws {
        // KPL aggregates are made for a shard: without the map there would be one for each key.
        if isKPL { await producer.shardsListed() }
        var aggregation = KeyedAggregation<Parcel>(encoder.processor)
        var keyless = KeylessPoint()
        var deadline: ContinuousClock.Instant?
        var shardMap: ShardMap?
        while true {
            let timeout = deadline.map { max($0 - .now, .zero) }
            guard let portions = await queue.take(waitingAtMost: timeout) else { break }
            try Task.checkCancellation()
            var outputs: [AggregatedRecord<Parcel>] = []
            if isKPL, let known = producer.shardMap, known != shardMap {
                // A key whose shard changes must not be in two open aggregates: the later one could go first.
                outputs = aggregation.flush()
                shardMap = known
            }
            for portion in portions {
                for record in portion.records {
                    let group = group(of: record, shardMap)
                    let record = isKPL && group == nil ? record.sent(to: &keyless) : record
                    let item = Parcel.Item(batch: portion.batch, record: record, isSeparable: isKPL)
                    do throws(ProcessorError) {
                        let emitted = try aggregation.add(
                            record.payload, item: item, partitionKey: record.partitionKey, explicitHashKey: record.explicitHashKey,
                            group: group)
                        guard !emitted.isEmpty else { continue }
                        if isKPL, group == nil { keyless.renew() }
                        outputs += emitted
                    } catch {
                        // The rejection may stop the pipeline.
                        try await put(outputs + aggregation.flush())
                        outputs = []
                        var refused = Parcel()
                        refused.append(item)
                        try await refuse(refused, error.failure)
                    }
                }
            }
            let isStarved = allowance.isUsedUp && producer.isShortOfRecords
            // Nobody can add to what is open before something is acknowledged: waiting on would only lose time.
            let isLate = isStarved || deadline.map({ $0 <= .now }) ?? false
            if isLate {
                outputs += aggregation.flush()
                keyless.renew()
                deadline = nil
            }
            if aggregation.isEmpty { deadline = nil } else if deadline == nil { deadline = .now + bufferTime }
            try await put(outputs)
            if isLate { producer.flush() }
        }
        try await put(aggregation.flush())
    }

    /// KPL aggregates mix keys, and so must stay within one shard; while the shards are unknown, they keep to one key.
    private func group(of record: EncodedRecord, _ shardMap: ShardMap?) -> String? {
        guard let hashKey = record.hashKey else { return nil }
        return shardMap?.shard(of: hashKey) ?? record.partitionKey ?? record.explicitHashKey
    }

    private func put(_ outputs: [AggregatedRecord<Parcel>]) async throws {
        guard !outputs.isEmpty else { return }
        var entries: [ProducerEntry<Parcel>] = []
        entries.reserveCapacity(outputs.count)
        let limit = producer.configuration.maxRecordSize
        for output in outputs {
            do throws(ProducerError) {
                let entry = try ProducerEntry(output)
                guard entry.size <= limit else { throw .recordTooLarge(bytes: entry.size, limit: limit) }
                entries.append(entry)
            } catch {
                try await producer.put(entries)
                entries = []
                try await refuse(output.items, error.failure)
            }
        }
        try await producer.put(entries)
    }
}
