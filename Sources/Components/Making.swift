public import Coordination
public import Leasing
public import Pipeline
import Records

// From a plan's erased configuration back to the component that declared it. Plans are made from the catalogue of these same lists,
// so that a kind that is missing here is a fault of the program.

extension Sources {
    /// Makes the source that a plan describes.
    public static func make(_ plan: ComponentPlan, _ context: SourceContext) async throws -> any Source {
        guard let component = all.first(where: { $0.kind == plan.kind }) else { preconditionFailure("No source is called \(plan.kind).") }
        return try await component.make(erased: plan.config, context)
    }
}

extension Sinks {
    /// Makes the sink that a plan describes.
    public static func make(_ plan: ComponentPlan, _ context: SinkContext) async throws -> any Sink {
        guard let component = all.first(where: { $0.kind == plan.kind }) else { preconditionFailure("No sink is called \(plan.kind).") }
        return try await component.make(erased: plan.config, context)
    }
}

extension Stores {
    /// True where the store of a plan is reached over the network.
    public static func isRemote(_ plan: ComponentPlan) -> Bool { all.first { $0.kind == plan.kind }?.isRemote ?? false }

    /// Opens the store that a plan describes.
    public static func open(
        _ plan: ComponentPlan, _ context: StoreContext
    ) async throws -> (store: any CheckpointStore, timing: LeaseTiming) {
        guard let component = all.first(where: { $0.kind == plan.kind }) else { preconditionFailure("No store is called \(plan.kind).") }
        return try await component.open(erased: plan.config, context)
    }
}

private func cast<Config>(_ config: any ComponentConfig) -> Config {
    guard let config = config as? Config else { preconditionFailure("A plan holds the configuration of another component.") }
    return config
}

extension SourceComponent {
    fileprivate static func make(erased config: any ComponentConfig, _ context: SourceContext) async throws -> any Source {
        try await make(cast(config), context)
    }
}

extension SinkComponent {
    fileprivate static func make(erased config: any ComponentConfig, _ context: SinkContext) async throws -> any Sink {
        try await make(cast(config), context)
    }
}

extension StoreComponent {
    fileprivate static func open(
        erased config: any ComponentConfig, _ context: StoreContext
    ) async throws -> (store: any CheckpointStore, timing: LeaseTiming) {
        let config: Config = cast(config)
        return (try await open(config, context), timing(config))
    }
}
