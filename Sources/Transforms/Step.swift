public import Pipeline
public import Records

/// One thing that a transform does with every record.
///
/// A new step is a file beside the others and an entry in `Steps.all`.
public protocol Step: Sendable {
    /// What stands under the step's key.
    associatedtype Config: ConfigValue

    /// The key in a pipeline file: `filter`.
    static var kind: String { get }
    /// One sentence for docs.
    static var summary: String { get }
    /// The step as a pipeline file writes it, for docs.
    static var example: String { get }

    init(_ config: Config)

    /// Changes the record in place, or says that it goes no further. A step that throws leaves the record as it was.
    func apply(_ record: inout Record) throws(StepFailure) -> StepOutcome
}

/// What becomes of a record after a step.
public enum StepOutcome: Sendable, Hashable {
    /// It goes on to the next step.
    case keep
    /// It was meant to end here.
    case drop
}

extension Step {
    /// The step as pipeline files and docs see it.
    static var declaration: StepDeclaration {
        StepDeclaration(kind, Config.self, summary, example: example)
    }

    /// Nil where the configuration is that of another step.
    static func make(_ config: any ConfigValue) -> (any Step)? {
        (config as? Config).map { Self($0) }
    }
}
