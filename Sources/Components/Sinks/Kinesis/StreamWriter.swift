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
    private let queue: BoundedQueue<EncodedRecord>
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
        let queue = BoundedQueue<EncodedRecord>(limit: configuration.maxQueueSize, byteLimit: Self.allowedBytes) { $0.size }
        self.queue = queue
        let processor = encoder.processor
        var onFlushed: (@Sendable (FlushReport<Parcel>) -> Void)?
        if let afterFlush { onFlushed = { report in afterFlush.flushed(FlushOutcome(report)) } }
        producer = Producer(
            stream: stream, transport: transport, configuration: configuration, logger: context.logger,
            metrics: ProducerMetrics(pipeline: context.pipeline, node: context.node, stream: stream),
            split: { entry, map in Self.takeApart(entry, map, processor) },
            isAbandoned: { parcel in parcel.allSatisfy(\.delivery.isAbandoned) }, onFlushed: onFlushed,
            onAcknowledged: { parcels in
                Self.acknowledge(parcels, allowance)
                // What waits for company may have to go without it now.
                if allowance.isUsedUp { queue.nudge() }
            })
    }

    func write(_ records: [SinkRecord]) async throws {
        let batch = EncodedBatch(records)
        let writer = records.first?.delivery.origin
        var portion: [EncodedRecord] = []
        var share = Allowance.Share()
        for (index, record) in records.enumerated() {
            do throws(Failure) {
                let encoded = try encoder.encode(record.record, at: EncodedRecord.Place(batch: batch, index: index))
                portion.append(encoded)
                share.add(encoded)
            } catch {
                try await context.reject(record, error)
            }
            guard share.records >= Self.portion.records || share.bytes >= Self.portion.bytes else { continue }
            try await pass(portion, share, of: writer)
            (portion, share) = ([], Allowance.Share())
        }
        if !portion.isEmpty { try await pass(portion, share, of: writer) }
    }

    private func pass(_ portion: [EncodedRecord], _ share: Allowance.Share, of writer: Allowance.Writer) async throws {
        try await allowance.take(share, for: writer)
        try await queue.put(portion)
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
        for record in parcels.joined() {
            let own = record.delivery
            if own !== delivery {
                settle()
                (delivery, share) = (own, Allowance.Share())
            }
            share.add(record)
        }
        settle()
    }

    /// For a record that goes elsewhere.
    private func refuse(_ record: EncodedRecord, _ failure: Failure) async throws {
        var share = Allowance.Share()
        share.add(record)
        allowance.giveBack(share, of: record.delivery.origin)
        try await context.reject(record.source, failure)
    }
}

extension Allowance.Share {
    fileprivate mutating func add(_ record: EncodedRecord) {
        records += 1
        bytes += record.size
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
        var aggregation = KeyedAggregation<EncodedRecord>(encoder.processor)
        var keyless = KeylessPoint()
        var deadline: ContinuousClock.Instant?
        var shardMap: ShardMap?
        while true {
            let timeout = deadline.map { max($0 - .now, .zero) }
            guard let batch = await queue.take(waitingAtMost: timeout) else { break }
            try Task.checkCancellation()
            var outputs: [AggregatedRecord<EncodedRecord>] = []
            if isKPL, let known = producer.shardMap, known != shardMap {
                // A key whose shard changes must not be in two open aggregates: the later one could go first.
                outputs = aggregation.flush()
                shardMap = known
            }
            for record in batch {
                let group = group(of: record, shardMap)
                let record = group == nil ? keyed(record, &keyless) : record
                do throws(ProcessorError) {
                    let emitted = try aggregation.add(
                        record.payload, item: isKPL ? record : record.withoutPayload(), partitionKey: record.partitionKey,
                        explicitHashKey: record.explicitHashKey, group: group)
                    guard !emitted.isEmpty else { continue }
                    if isKPL, group == nil { keyless.renew() }
                    outputs += emitted
                } catch {
                    // The rejection may stop the pipeline.
                    try await put(outputs + aggregation.flush())
                    outputs = []
                    try await refuse(record, error.failure)
                }
            }
            let isStarved = allowance.isUsedUp && producer.isShortOfRecords
            if isStarved || deadline.map({ $0 <= .now }) ?? false {
                outputs += aggregation.flush()
                keyless.renew()
                deadline = nil
            }
            if aggregation.isEmpty { deadline = nil } else if deadline == nil { deadline = .now + bufferTime }
            try await put(outputs)
            // Nobody can add to what is open before something is acknowledged: waiting on would only lose time.
            if isStarved { producer.flush() }
        }
        try await put(aggregation.flush())
    }

    /// KPL aggregates mix keys, and so must stay within one shard; while the shards are unknown, they keep to one key.
    private func group(of record: EncodedRecord, _ shardMap: ShardMap?) -> String? {
        guard let hashKey = record.hashKey else { return nil }
        return shardMap?.shard(of: hashKey) ?? record.partitionKey ?? record.explicitHashKey
    }

    /// A record without keys that joins a KPL aggregate goes where this one goes.
    private func keyed(_ record: EncodedRecord, _ keyless: inout KeylessPoint) -> EncodedRecord {
        guard isKPL else { return record }
        var record = record
        record.explicitHashKey = keyless.text
        record.hashKey = keyless.hashKey
        return record
    }

    private func put(_ outputs: [AggregatedRecord<EncodedRecord>]) async throws {
        guard !outputs.isEmpty else { return }
        var entries: [ProducerEntry<Parcel>] = []
        entries.reserveCapacity(outputs.count)
        let limit = producer.configuration.maxRecordSize
        for output in outputs {
            do throws(ProducerError) {
                let entry = try ProducerEntry(output, aggregator: encoder.processor.aggregator)
                guard entry.size <= limit else { throw .recordTooLarge(bytes: entry.size, limit: limit) }
                entries.append(entry)
            } catch {
                try await producer.put(entries)
                entries = []
                for record in output.items { try await refuse(record, error.failure) }
            }
        }
        try await producer.put(entries)
    }

    /// An aggregate that no longer fits into one shard, as an aggregate for each shard of the map, or for each record without one.
    private static func takeApart(
        _ entry: ProducerEntry<Parcel>, _ map: ShardMap?, _ processor: ProcessorSpec
    ) -> [ProducerEntry<Parcel>] {
        var groups: [(shard: Int?, records: Parcel)] = []
        for record in entry.token {
            let shard = record.hashKey.flatMap { map?.index(of: $0) }
            if shard != nil, let group = groups.firstIndex(where: { $0.shard == shard }) {
                groups[group].records.append(record)
            } else {
                groups.append((shard, [record]))
            }
        }
        return groups.flatMap { together($0.records, processor) }
    }

    /// What fitted beside others fits without them, and its keys were checked when it was first put.
    private static func together(_ records: Parcel, _ processor: ProcessorSpec) -> [ProducerEntry<Parcel>] {
        var aggregation = Aggregation<EncodedRecord>(processor)
        var outputs: [AggregatedRecord<EncodedRecord>] = []
        for record in records {
            outputs +=
                (try? aggregation.add(
                    record.payload, item: record, partitionKey: record.partitionKey, explicitHashKey: record.explicitHashKey)) ?? []
        }
        outputs += aggregation.flush()
        let parts: [ProducerEntry<Parcel>] = outputs.compactMap { try? ProducerEntry($0, aggregator: processor.aggregator) }
        precondition(parts.reduce(0) { $0 + $1.token.count } == records.count, "A part of an aggregate was refused that the whole was not.")
        return parts
    }
}
