import Components
import Emulator
public import Leasing
public import Logging
public import Pipeline
import Records

/// Runs all pipelines of a command line in one process: they share the embedded stream, and end together.
public struct AgentRun: Sendable {
    private let plans: [Plan]
    private let options: RunOptions
    private let logger: Logger

    /// Nothing is opened before `run`.
    public init(_ plans: [Plan], options: RunOptions, logger: Logger) {
        self.plans = plans
        self.options = options
        self.logger = logger
    }

    /// Until every pipeline has ended by itself, all are idle for as long as asked, one fails, or `draining` opens.
    ///
    /// - Throws: the first failure of any pipeline; the others were drained.
    public func run(until draining: Latch) async throws {
        try StateFolder.prepare(options.stateFolder)
        let embedded = plans.contains { $0.usesEmbeddedStream(options) } ? try await startEmbeddedStream() : nil
        do {
            try await runPipelines(embeddedURL: embedded?.url, until: draining)
            await embedded?.stop()
        } catch {
            await embedded?.stop()
            throw error
        }
    }

    private func startEmbeddedStream() async throws -> EmulatorServer {
        let configuration = EmulatorConfiguration(storage: .directory("\(options.stateFolder)/stream"))
        let server = try await EmulatorServer.start(configuration, logger: logger)
        logger.info("embedded stream started", metadata: ["url": "\(server.url)", "data": "\(options.stateFolder)/stream"])
        return server
    }

    private func runPipelines(embeddedURL: String?, until draining: Latch) async throws {
        var runners: [PipelineRunner] = []
        for plan in plans {
            runners.append(
                try await PipelineRunner(plan, options: options, embeddedURL: embeddedURL, draining: draining, logger: logger))
        }
        let pipelines = runners
        async let _ = watchForIdleness(of: pipelines, draining)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for pipeline in pipelines { group.addTask { try await pipeline.run() } }
            // A pipeline that fails has opened the latch that drains all: the others end in good order before the failure is told.
            var failure: (any Error)?
            while let result = await group.nextResult() {
                if case .failure(let error) = result { failure = failure ?? error }
            }
            if let failure { throw failure }
        }
    }

    private func watchForIdleness(of pipelines: [PipelineRunner], _ draining: Latch) async {
        guard let limit = options.untilIdle else { return }
        while !draining.isOpen, !Task.isCancelled {
            await draining.wait(atMost: .milliseconds(50))
            if pipelines.allSatisfy({ $0.isIdle(for: limit) }) {
                logger.info("idle; draining", metadata: ["for": "\(limit.text)"])
                draining.open()
            }
        }
    }
}
