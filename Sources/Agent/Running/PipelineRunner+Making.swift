import Components
import Coordination
import Leasing
import Logging
import Pipeline
import Records

extension PipelineRunner {
    static func openStore(
        _ plan: Plan, _ options: RunOptions, _ logger: Logger
    ) async throws -> (store: any CheckpointStore, timing: LeaseTiming) {
        let context = StoreContext(pipeline: plan.name, stateFolder: options.stateFolder, logger: logger)
        return try await Stores.open(plan.checkpoints, context)
    }

    static func makeDeadLetter(_ plan: Plan, _ clients: KinesisClients, _ logger: Logger) async throws -> (any Sink)? {
        guard let component = plan.deadLetter else { return nil }
        let context = SinkContext(
            pipeline: plan.name, node: "dead_letter", clients: clients, logger: logger.at("dead_letter")
        ) { record, failure in
            throw Failure("dead_letter_refused", "the dead letter sink cannot take a record: \(failure.message)", hint: failure.hint)
        }
        return try await Sinks.make(component, context)
    }
}

extension Logger {
    /// The same, naming a node of the pipeline.
    func at(_ node: String) -> Logger {
        var logger = self
        logger[metadataKey: "node"] = "\(node)"
        return logger
    }
}

extension KinesisClients.Target {
    init(_ aws: AWSDefaults, isEmbedded: Bool) {
        self.init(
            region: aws.region, endpoint: aws.endpoint ?? (isEmbedded ? .embedded : nil), profile: aws.profile, assumeRole: aws.assumeRole,
            wire: aws.wire)
    }
}

extension Plan {
    /// True where any node uses the embedded stream.
    func usesEmbeddedStream(_ options: RunOptions) -> Bool {
        let nodes = (sources.map(\.component) + sinks.map(\.component) + [deadLetter].compactMap { $0 })
            .compactMap { $0.config as? any StreamNodeConfig }
        let fallback = aws.endpoint ?? (options.isEmbedded ? .embedded : nil)
        return nodes.contains { ($0.endpoint ?? fallback) == .embedded }
    }
}
