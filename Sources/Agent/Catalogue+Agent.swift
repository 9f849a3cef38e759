import Components
public import Pipeline
import Transforms

extension Catalogue {
    /// Everything that this agent can run.
    public static let agent = Catalogue(
        sources: Sources.all.map { $0.declaration },
        sinks: Sinks.all.map { $0.declaration },
        steps: Steps.declarations,
        checkpointStores: Stores.all.map { $0.declaration })
}
