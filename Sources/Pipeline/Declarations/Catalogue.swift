/// Every kind of component that pipeline files can name.
public struct Catalogue: Sendable {
    /// Kinds of sources.
    public let sources: [ComponentDeclaration]
    /// Kinds of sinks, also for `dead_letter`.
    public let sinks: [ComponentDeclaration]
    /// Kinds of steps.
    public let steps: [StepDeclaration]
    /// The first is the default.
    public let checkpointStores: [ComponentDeclaration]

    /// Kinds must be unique, and there must be a checkpoint store.
    public init(
        sources: [ComponentDeclaration], sinks: [ComponentDeclaration], steps: [StepDeclaration], checkpointStores: [ComponentDeclaration]
    ) {
        precondition(!checkpointStores.isEmpty, "a catalogue needs a default checkpoint store")
        for kinds in [sources.map(\.kind), sinks.map(\.kind), steps.map(\.kind), checkpointStores.map(\.kind)] {
            precondition(Set(kinds).count == kinds.count, "a kind is declared twice")
        }
        self.sources = sources
        self.sinks = sinks
        self.steps = steps
        self.checkpointStores = checkpointStores
    }
}
