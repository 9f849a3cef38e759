import Coordination
import Expressions
import Kinesis
import Processors
import Records

/// Encodes records, puts them together and hands them to a producer.
///
/// Encoding happens on the writers' tasks, side by side; putting together happens on one task, so that records of one key enter their
/// aggregates, and these the producer, in the order in which they came.
final class StreamWriter: Sendable {
    private let producer: Producer<Parcel>
    private let processor: ProcessorSpec
    private let bufferTime: Duration
    private let partitionKey: Program?
    private let explicitHashKey: Program?
    private let queue: BoundedQueue<EncodedRecord>
    /// All records between `write` and their acknowledgement: in the queue, in open aggregates and in the producer.
    private let allowance: Allowance
    private let context: SinkContext

    /// Encoded bytes that may wait for their acknowledgement: some requests of the largest size.
    private static let allowedBytes = 8 << 20

    init(
        stream: StreamIdentifier, transport: any PutRecordsTransport, configuration: ProducerConfiguration, bufferTime: Duration,
        processor: ProcessorSpec, partitionKey: Program?, explicitHashKey: Program?, context: SinkContext
    ) {
        self.processor = processor
        self.bufferTime = bufferTime
        self.partitionKey = partitionKey
        self.explicitHashKey = explicitHashKey
        self.context = context
        let allowance = Allowance(records: configuration.maxQueueSize, bytes: Self.allowedBytes)
        self.allowance = allowance
        queue = BoundedQueue(limit: configuration.maxQueueSize, byteLimit: Self.allowedBytes) { $0.payload.count }
        producer = Producer(
            stream: stream, transport: transport, configuration: configuration, logger: context.logger,
            split: { Self.takeApart($0, processor) },
            onAcknowledged: { parcels in
                var share = Allowance.Share()
                for record in parcels.joined() {
                    record.source.delivery.acknowledge()
                    share.add(record)
                }
                allowance.giveBack(share)
            })
    }

    func write(_ records: [SinkRecord]) async throws {
        var encoded: [EncodedRecord] = []
        encoded.reserveCapacity(records.count)
        for record in records {
            do throws(Failure) {
                encoded.append(try encode(record))
            } catch {
                try await context.reject(record, error)
            }
        }
        var share = Allowance.Share()
        for record in encoded { share.add(record) }
        try await allowance.take(share)
        try await queue.put(encoded)
    }

    func run() async throws {
        do {
            try await withThrowingTaskGroup(of: (any Error)?.self) { group in
                group.addTask {
                    try await self.producer.run()
                    return nil
                }
                group.addTask { await self.putTogether() }
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

    /// For a record that goes elsewhere.
    private func refuse(_ record: EncodedRecord, _ failure: Failure) async throws {
        var share = Allowance.Share()
        share.add(record)
        allowance.giveBack(share)
        try await context.reject(record.source, failure)
    }
}

extension Allowance.Share {
    fileprivate mutating func add(_ record: EncodedRecord) {
        records += 1
        bytes += record.payload.count
    }
}

// MARK: Encoding

extension StreamWriter {
    private func encode(_ record: SinkRecord) throws(Failure) -> EncodedRecord {
        let payload: [UInt8]
        do throws(ProcessorError) {
            payload = try processor.serialize(record.record.value)
        } catch {
            throw error.failure
        }
        let key = try evaluate(partitionKey, record.record) ?? record.record.partitionKey
        let hashKey = try evaluate(explicitHashKey, record.record) ?? record.record.explicitHashKey
        try Self.check(key, hashKey)
        return EncodedRecord(payload: payload, partitionKey: key, explicitHashKey: hashKey, source: record)
    }

    /// Before it joins an aggregate, where a bad key would be found too late to tell whose it is.
    private static func check(_ partitionKey: String?, _ explicitHashKey: String?) throws(Failure) {
        do throws(ProducerError) {
            _ = try ProducerEntry(data: [], partitionKey: partitionKey ?? "any", explicitHashKey: explicitHashKey, token: ())
        } catch {
            throw error.failure
        }
    }

    private func evaluate(_ program: Program?, _ record: Record) throws(Failure) -> String? {
        do throws(EvaluationError) {
            return try program?.evaluateString(record)
        } catch {
            throw Failure("partition_key_failed", error.message, hint: "guard missing fields with `orValue` or `has()`")
        }
    }
}

// MARK: Putting together

extension StreamWriter {
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
        if processor.aggregator == .kpl { await producer.shardsListed() }
        var aggregation = KeyedAggregation<EncodedRecord>(processor)
        var deadline: ContinuousClock.Instant?
        var shardMap: ShardMap?
        while true {
            let timeout = deadline.map { max($0 - .now, .zero) }
            guard let batch = await queue.take(waitingAtMost: timeout) else { break }
            try Task.checkCancellation()
            var outputs: [AggregatedRecord<EncodedRecord>] = []
            if processor.aggregator == .kpl, let known = producer.shardMap, known != shardMap {
                // A key whose shard changes must not be in two open aggregates: the later one could go first.
                outputs = aggregation.flush()
                shardMap = known
            }
            for record in batch {
                do throws(ProcessorError) {
                    outputs += try aggregation.add(
                        record.payload, item: record, partitionKey: record.partitionKey, explicitHashKey: record.explicitHashKey,
                        group: group(of: record, shardMap))
                } catch {
                    // The rejection may stop the pipeline.
                    try await put(outputs + aggregation.flush())
                    outputs = []
                    try await refuse(record, error.failure)
                }
            }
            // Nobody can add to the open aggregates before something is acknowledged: waiting on would only lose time.
            let isUsedUp = allowance.isUsedUp
            if isUsedUp || deadline.map({ $0 <= .now }) ?? false {
                outputs += aggregation.flush()
                deadline = nil
            }
            if aggregation.isEmpty { deadline = nil } else if deadline == nil { deadline = .now + bufferTime }
            try await put(outputs)
            if isUsedUp { producer.flush() }
        }
        try await put(aggregation.flush())
    }

    /// KPL aggregates mix keys, and so must stay within one shard; while the shards are unknown, they keep to one key.
    private func group(of record: EncodedRecord, _ shardMap: ShardMap?) -> String? {
        guard processor.aggregator == .kpl, let hashKey = record.hashKey else { return nil }
        return shardMap?.shard(of: hashKey) ?? record.partitionKey
    }

    private func put(_ outputs: [AggregatedRecord<EncodedRecord>]) async throws {
        var entries: [ProducerEntry<Parcel>] = []
        entries.reserveCapacity(outputs.count)
        for output in outputs {
            do throws(ProducerError) {
                let entry = try ProducerEntry(output, aggregator: processor.aggregator)
                guard entry.size <= producer.configuration.maxRecordSize else {
                    throw .recordTooLarge(bytes: entry.size, limit: producer.configuration.maxRecordSize)
                }
                entries.append(entry)
            } catch {
                try await producer.put(entries)
                entries = []
                for record in output.items { try await refuse(record, error.failure) }
            }
        }
        try await producer.put(entries)
    }

    /// An aggregate that no longer fits into one shard, as aggregates of one record each.
    private static func takeApart(_ entry: ProducerEntry<Parcel>, _ processor: ProcessorSpec) -> [ProducerEntry<Parcel>] {
        let parts = entry.token.compactMap { record -> ProducerEntry<Parcel>? in
            var aggregation = Aggregation<EncodedRecord>(processor)
            // What fitted beside others fits alone, and its keys were checked when it was first put.
            var outputs =
                (try? aggregation.add(
                    record.payload, item: record, partitionKey: record.partitionKey, explicitHashKey: record.explicitHashKey)) ?? []
            outputs += aggregation.flush()
            return outputs.first.flatMap { try? ProducerEntry($0, aggregator: processor.aggregator) }
        }
        precondition(parts.count == entry.token.count, "A part of an aggregate was refused that the whole was not.")
        return parts
    }
}
