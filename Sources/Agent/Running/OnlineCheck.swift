import Components
import Coordination
import Kinesis
public import Logging
public import Pipeline
import Records

/// Tries what a plan names outside of its file: credentials, streams, the checkpoint store. Nothing is written or created.
public struct OnlineCheck: Sendable {
    private let plan: Plan
    private let logger: Logger

    /// Nothing is tried before `diagnostics()`.
    public init(_ plan: Plan, logger: Logger) {
        self.plan = plan
        self.logger = logger
    }

    /// One error for each thing that does not work, at the place that names it; one that several nodes share is told once.
    public func diagnostics() async -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        if let failure = await storeFailure() { diagnostics.append(diagnostic(failure, at: plan.checkpoints.node)) }
        let clients = KinesisClients(defaults: .init(plan.aws, isEmbedded: false), embeddedURL: nil, logger: logger)
        let components = plan.sources.map(\.component) + plan.sinks.map(\.component) + [plan.deadLetter].compactMap { $0 }
        for component in components {
            // The embedded stream is there once the pipeline runs, and so are its streams.
            guard let use = component.facts(pipeline: plan.name).stream, (use.endpoint ?? plan.aws.endpoint) != .embedded else { continue }
            guard let failure = await failure(of: use, clients) else { continue }
            let found = diagnostic(failure, at: component.node["stream"] ?? component.node)
            if !diagnostics.contains(where: { $0.code == found.code && $0.message == found.message }) { diagnostics.append(found) }
        }
        return diagnostics
    }

    private func diagnostic(_ failure: Failure, at node: YAMLNode) -> Diagnostic {
        Diagnostic(failure.code, failure.message, at: node.mark.location, hint: failure.hint)
    }

    private func failure(of use: StreamUse, _ clients: KinesisClients) async -> Failure? {
        do {
            let client = try await clients.client(region: use.region, endpoint: use.endpoint)
            _ = try await client.checkCredentials()
            guard let stream = StreamIdentifier(use.stream) else { return nil }
            // A call that every node may make in any case.
            _ = try await client.listShards(stream)
            return nil
        } catch let error as KinesisError where error.kind == .notFound && use.isCreated {
            return nil
        } catch {
            return Failure(reporting: error)
        }
    }

    /// Files are there to be made; only what is reached over the network can be missing.
    private func storeFailure() async -> Failure? {
        guard Stores.isRemote(plan.checkpoints) else { return nil }
        do {
            let context = StoreContext(pipeline: plan.name, stateFolder: "", logger: logger)
            let store = try await Stores.open(plan.checkpoints, context).store
            await store.close()
            return nil
        } catch {
            return Failure(reporting: error)
        }
    }
}
