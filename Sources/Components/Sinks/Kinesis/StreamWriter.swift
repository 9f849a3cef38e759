import Coordination
import Expressions
import Kinesis
import Logging
import Processors
import Records

/// Encodes records, puts them together and hands them to a producer.
///
/// Encoding happens on the writers' tasks, side by side; putting together happens on one task, so that records of one key enter their
/// aggregates, and these the producer, in the order in which they came.
final class StreamWriter: Sendable {
    private struct Encoded: Sendable {
        let payload: [UInt8]
        let partitionKey: String?
        let explicitHashKey: String?
        /// Without its value, for the dead letter.
        let record: SinkRecord
    }

    private let producer: Producer<[Delivery]>
    private let processor: ProcessorSpec
    private let bufferTime: Duration
    private let partitionKey: Program?
    private let explicitHashKey: Program?
    private let queue: BoundedQueue<Encoded>
    private let context: SinkContext

    init(
        stream: StreamIdentifier, transport: any PutRecordsTransport, configuration: ProducerConfiguration, bufferTime: Duration,
        processor: ProcessorSpec, partitionKey: Program?, explicitHashKey: Program?, context: SinkContext
    ) {
        self.processor = processor
        self.bufferTime = bufferTime
        self.partitionKey = partitionKey
        self.explicitHashKey = explicitHashKey
        self.context = context
        queue = BoundedQueue(limit: configuration.maxQueueSize)
        producer = Producer(stream: stream, transport: transport, configuration: configuration, logger: context.logger) { acknowledged in
            for deliveries in acknowledged { for delivery in deliveries { delivery.acknowledge() } }
        }
    }

    func write(_ records: [SinkRecord]) async throws {
        var encoded: [Encoded] = []
        encoded.reserveCapacity(records.count)
        for record in records {
            do {
                encoded.append(try encode(record))
            } catch {
                try await context.reject(record, error)
            }
        }
        try await queue.put(encoded)
    }

    func run() async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.producer.run() }
                group.addTask {
                    try await self.aggregate()
                    self.producer.finish()
                }
                try await group.waitForAll()
            }
        } catch {
            queue.fail(error)
            throw error
        }
    }

    func finish() { queue.finish() }

    private func encode(_ record: SinkRecord) throws(Failure) -> Encoded {
        let payload: [UInt8]
        do throws(ProcessorError) {
            payload = try processor.serialize(record.record.value)
        } catch {
            throw error.failure
        }
        let key = try evaluate(partitionKey, record.record) ?? record.record.partitionKey
        let hashKey = try evaluate(explicitHashKey, record.record) ?? record.record.explicitHashKey
        try PartitionKeyRule.check(key: key, explicitHashKey: hashKey)
        var kept = record
        kept.record.value = .null
        return Encoded(payload: payload, partitionKey: key, explicitHashKey: hashKey, record: kept)
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
    private func aggregate() async throws {
        var aggregation = KeyedAggregation<Delivery>(processor)
        var deadline: ContinuousClock.Instant?
        while true {
            let timeout = deadline.map { max($0 - .now, .zero) }
            guard let batch = await queue.take(waitingAtMost: timeout) else { break }
            try Task.checkCancellation()
            for item in batch { try await add(item, to: &aggregation) }
            if aggregation.isEmpty {
                deadline = nil
            } else if let due = deadline, due <= .now {
                try await put(aggregation.flush())
                deadline = nil
            } else if deadline == nil {
                deadline = .now + bufferTime
            }
        }
        try await put(aggregation.flush())
    }

    private func add(_ item: Encoded, to aggregation: inout KeyedAggregation<Delivery>) async throws {
        do {
            let group = processor.aggregator == .kpl ? producer.predictedShard(of: item.partitionKey, item.explicitHashKey) : nil
            let full = try aggregation.add(
                item.payload, item: item.record.delivery, partitionKey: item.partitionKey, explicitHashKey: item.explicitHashKey, group: group)
            try await put(full)
        } catch let error as ProcessorError {
            try await context.reject(item.record, error.failure)
        }
    }

    private func put(_ outputs: [AggregatedRecord<Delivery>]) async throws {
        for output in outputs {
            try await producer.put(
                data: output.data, partitionKey: output.partitionKey ?? Self.randomKey(), explicitHashKey: output.explicitHashKey,
                token: output.items)
        }
    }

    /// Spreads records that have no key evenly over the shards.
    private static func randomKey() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36)
    }
}
