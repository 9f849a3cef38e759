import Components
import Pipeline
import Records
import Transforms

/// The graph of a pipeline with its sinks replaced by lists.
struct TestStage {
    /// 2026-01-01T00:00:00Z, when every test begins.
    private static let start: Int64 = 1_767_225_600_000

    private let plan: Plan
    private let stages: [String: Stage]
    private let streams: [String: String]
    private var outputs: Outputs
    private var milliseconds = start
    private var sequence = 0
    private(set) var hasStopped = false

    /// Throws where a step cannot have what it needs, such as a file.
    init(_ plan: Plan) throws(Failure) {
        self.plan = plan
        let graph = try PipelineGraph(plan, context: .files { _ in })
        stages = Dictionary(uniqueKeysWithValues: plan.sources.map { ($0.name, graph.stage(of: $0)) })
        streams = Dictionary(
            uniqueKeysWithValues: plan.sources.compactMap { source in
                (source.component.config as? any StreamNodeConfig).map { (source.name, $0.stream) }
            })
        outputs = Outputs(sinkCount: plan.sinks.count, hasDeadLetter: plan.deadLetter != nil)
    }

    mutating func advance(by duration: Duration) {
        milliseconds += duration.wholeMilliseconds
    }

    /// What stopped the pipeline, if anything did.
    mutating func send(_ records: [TestPlan.SentRecord]) -> Failure? {
        for sent in records {
            guard let stage = stages[sent.source] else { continue }
            outputs.mark()
            do throws(Outputs.Stop) {
                try outputs.route(record(sent), through: stage, at: now)
                try rehearse()
            } catch {
                outputs.rewind()
                hasStopped = true
                return error.failure
            }
        }
        return nil
    }

    /// What came since the last `clear()`: at a sink, or for nil at the dead letter.
    func arrived(at sink: String?) -> [Value] {
        guard let sink else { return outputs.deadLetters.map(\.record.value) }
        guard let index = plan.sinks.firstIndex(where: { $0.name == sink }) else { return [] }
        return outputs.records[index].map(\.value)
    }

    mutating func clear() {
        outputs = Outputs(sinkCount: plan.sinks.count, hasDeadLetter: plan.deadLetter != nil)
    }

    /// What the sinks would refuse goes where it would go.
    private mutating func rehearse() throws(Outputs.Stop) {
        for (index, sink) in plan.sinks.enumerated() {
            guard let config = sink.component.config as? any RehearsedConfig else { continue }
            for record in outputs.takeUnmarked(ofSink: index) {
                do throws(Failure) {
                    try config.rehearse(record)
                    outputs.add(record, toSink: index)
                } catch {
                    try outputs.refuse(record, error, node: sink.name)
                }
            }
        }
    }

    /// The same clock as steps know it.
    private var now: MonotonicTime { .zero + .milliseconds(milliseconds - Self.start) }

    private mutating func record(_ sent: TestPlan.SentRecord) -> Record {
        let meta = sent.meta
        sequence += 1
        let stream = meta.stream ?? streams[sent.source]
        let place = ReadPlace(
            source: sent.source, stream: stream, shard: meta.shard ?? stream.map { _ in "shardId-000000000000" }, file: meta.file)
        let entry = ReadEntry(
            sequence: meta.sequence ?? stream.map { _ in String(sequence) }, subSequence: meta.subSequence ?? 0,
            partitionKey: meta.partitionKey, arrivedAt: meta.arrivedAt?.milliseconds ?? milliseconds, offset: meta.offset.map { Int64($0) })
        return Record(sent.value, origin: Origin(place, entry))
    }
}

extension Outputs {
    /// The records that a sink got since the last mark, taken away from it.
    fileprivate mutating func takeUnmarked(ofSink index: Int) -> [Record] {
        let taken = Array(records[index][marks[index]...])
        records[index].removeSubrange(marks[index]...)
        return taken
    }

    fileprivate mutating func add(_ record: Record, toSink index: Int) { records[index].append(record) }
}
