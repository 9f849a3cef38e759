/// Every kind of component that pipeline files can name.
public struct Catalogue: Sendable {
    public let sources: [ComponentDeclaration]
    public let sinks: [ComponentDeclaration]
    public let steps: [StepDeclaration]
    /// The first is the default.
    public let checkpointStores: [ComponentDeclaration]

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
