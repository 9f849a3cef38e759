import Components
import Leasing
import Records
import Synchronization

/// Carries a source's batches through the graph into the sinks, and ties their acknowledgements to the source's position.
final class Router: ItemReceiver {
    private let source: String
    private let stage: Stage
    private let sinks: [any Sink]
    private let deadLetter: (any Sink)?
    private let activity: Activity

    init(source: String, stage: Stage, sinks: [any Sink], deadLetter: (any Sink)?, activity: Activity) {
        self.source = source
        self.stage = stage
        self.sinks = sinks
        self.deadLetter = deadLetter
        self.activity = activity
    }

    func deliver(_ items: SourceItems, progress: ShardProgress) async throws {
        let now = activity.note()
        if stage.branches.isEmpty, items.failures.isEmpty {
            let batches = stage.sinks.map { (sinks[$0], items.records) }
            return try await send(batches, [], upTo: items.positions.last?.position, progress)
        }
        var outputs = Outputs(sinkCount: sinks.count, hasDeadLetter: deadLetter != nil)
        var failures = items.failures[...]
        var positions = items.positions[...]
        var position: Position?
        var stop: Failure?
        for (index, record) in items.records.enumerated() {
            do throws(Outputs.Stop) {
                if failures.first?.index == index {
                    try outputs.refuse(record, failures.removeFirst().failure, node: source)
                } else {
                    try outputs.route(record, through: stage, at: now)
                }
            } catch {
                // What came before is delivered, so that the checkpoint stands right before the record that stops the pipeline.
                outputs.rewind()
                stop = error.failure.located(at: record.origin)
                break
            }
            if positions.first?.end == index + 1 {
                position = positions.removeFirst().position
                outputs.mark()
            }
        }
        let batches = zip(sinks, outputs.records).map { ($0, RecordBatch($1)) }
        try await send(batches, outputs.deadLetters, upTo: position, progress)
        if let stop { throw stop }
    }

    private func send(
        _ batches: [(sink: any Sink, records: RecordBatch)], _ deadLetters: [DeadLetter], upTo position: Position?,
        _ progress: ShardProgress
    ) async throws {
        let ticket = position.map { progress.register($0) }
        let delivery = Delivery(of: progress) { if let ticket { progress.complete(ticket) } }
        delivery.expect(batches.reduce(deadLetters.count) { $0 + $1.records.count })
        for (sink, records) in batches where !records.isEmpty { try await sink.write(SinkBatch(records, delivery: delivery)) }
        if let deadLetter {
            // One by one: as many letters as a batch may have would not fit into memory beside each other.
            for letter in deadLetters { try await deadLetter.write(SinkBatch([letter.record], delivery: delivery)) }
        }
        delivery.acknowledge()
    }
}

extension Failure {
    /// The same failure, saying which record it met.
    func located(at origin: Origin) -> Failure {
        var located = self
        if let stream = origin.place.stream, let shard = origin.place.shard, let sequence = origin.sequence {
            located.message += " (stream \(stream), \(shard), sequence \(sequence))"
        } else if let file = origin.place.file, let offset = origin.offset {
            located.message += " (\(file), offset \(offset))"
        }
        located.hint = hint ?? "declare a `dead_letter` sink to keep such records and go on"
        return located
    }
}

/// When a pipeline last had something to do.
final class Activity: Sendable {
    private let lastNanoseconds = Atomic<Int64>(MonotonicTime.now().nanoseconds)

    /// Something has come; returns when.
    @discardableResult
    func note() -> MonotonicTime {
        let now = MonotonicTime.now()
        lastNanoseconds.store(now.nanoseconds, ordering: .relaxed)
        return now
    }

    var quietFor: Duration { .nanoseconds(MonotonicTime.now().nanoseconds - lastNanoseconds.load(ordering: .relaxed)) }
}
