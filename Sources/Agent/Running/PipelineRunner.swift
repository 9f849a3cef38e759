import Checkpoints
import Components
import Coordination
import Leasing
import Logging
import Pipeline
import Records
import Synchronization

/// Runs one pipeline: makes its nodes, connects them, and ends them in the order in which nothing is lost.
final class PipelineRunner: Sendable {
    private struct RunningSource: Sendable {
        let name: String
        let source: any Source
        let context: SourceContext
        /// Nothing more will come from it.
        let ended: Latch
    }

    let name: String
    private let settled = Latch()
    private let activity = Activity()
    private let outcome: Outcome
    private let logger: Logger
    private let store: any CheckpointStore
    private let sinks: [any Sink]
    private let deadLetter: (any Sink)?
    private let sources: Mutex<[RunningSource]> = Mutex([])

    /// Opens the store and makes every node; throws when one of them cannot be had.
    init(_ plan: Plan, options: RunOptions, embeddedURL: String?, draining: Latch, logger: Logger) async throws {
        let plan = plan.passingThrough()
        var logger = logger
        logger[metadataKey: "pipeline"] = "\(plan.name)"
        name = plan.name
        let outcome = Outcome(draining: draining)
        self.outcome = outcome
        self.logger = logger
        let clients = KinesisClients(defaults: .init(plan.aws, isEmbedded: options.isEmbedded), embeddedURL: embeddedURL, logger: logger)
        let stores = try await Self.openStore(plan, options, logger)
        store = stores.store

        let deadLetter = try await Self.makeDeadLetter(plan, clients, logger)
        self.deadLetter = deadLetter
        var sinks: [any Sink] = []
        for sink in plan.sinks {
            let context = SinkContext(
                pipeline: plan.name, node: sink.name, clients: clients, logger: logger.at(sink.name)
            ) { record, failure in
                guard let deadLetter else { throw failure.located(at: record.record.origin) }
                let letter = DeadLetter(refused: record.record, failure: failure, node: sink.name)
                try await deadLetter.write(SinkBatch([letter.record], delivery: record.delivery))
            }
            sinks.append(try await Components.Sinks.make(sink.component, context))
        }
        self.sinks = sinks

        let worker = WorkerIdentity.current()
        let graph = try PipelineGraph(plan, context: .files { [logger] in logger.warning("\($0)") })
        for source in plan.sources {
            let ended = Latch()
            let context = SourceContext(
                pipeline: plan.name, node: source.name, clients: clients, store: store, worker: worker, leases: stores.timing,
                draining: draining,
                settled: settled,
                receiver: Router(
                    source: source.name, stage: graph.stage(of: source), sinks: sinks, deadLetter: deadLetter, activity: activity),
                logger: logger.at(source.name), readingEnded: { ended.open() }, failed: { outcome.fail($0) })
            let made = try await Components.Sources.make(source.component, context)
            sources.withLock { $0.append(RunningSource(name: source.name, source: made, context: context, ended: ended)) }
        }
    }

    /// Nothing has come for so long, nothing is there to be read, and all is acknowledged.
    func isIdle(for duration: Duration) -> Bool {
        activity.quietFor >= duration && sources.withLock { $0.allSatisfy(\.source.isIdle) }
    }

    /// Until every source has ended, or `draining` opens. Throws the first failure, after everything that could be saved was.
    func run() async throws {
        let sources = sources.withLock { $0 }
        logger.info("pipeline started", metadata: ["sources": "\(sources.map(\.name).joined(separator: ", "))"])
        await withDiscardingTaskGroup { group in
            for source in sources { group.addTask { await self.run(source) } }
            await withDiscardingTaskGroup { letters in
                if let deadLetter = self.deadLetter { letters.addTask { await self.run(deadLetter) } }
                await withDiscardingTaskGroup { writers in
                    for sink in self.sinks { writers.addTask { await self.run(sink) } }
                    for source in sources { await source.ended.wait() }
                    for sink in self.sinks { sink.finish() }
                }
                // Last: until here any sink could still refuse a record.
                self.deadLetter?.finish()
            }
            self.settled.open()
        }
        await store.close()
        if let failure = outcome.failure { throw failure }
        try Task.checkCancellation()
        logger.info("pipeline ended")
    }

    private func run(_ source: RunningSource) async {
        do {
            try await source.source.run(source.context)
        } catch {
            outcome.fail(error)
        }
        source.ended.open()
    }

    private func run(_ sink: any Sink) async {
        do {
            try await sink.run()
        } catch {
            outcome.fail(error)
            // What it holds is never acknowledged: no source need wait for that.
            settled.open()
        }
    }
}
