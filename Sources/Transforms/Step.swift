public import Pipeline
public import Records

/// One thing that a transform does with every record.
///
/// A pipeline makes each of its steps once: all sources and shards that run through a transform share the step, at the same time.
/// What a step remembers is therefore global to the pipeline in this process, behind a `Mutex`, bounded, and gone after a restart.
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
    /// The names of the outputs of a step that splits its records, in the order in which `StepOutcome.route` counts them.
    static func routes(_ config: Config) -> [String]

    /// Throws where what the step needs from `context` cannot be had.
    init(_ config: Config, context: StepContext) throws(Failure)

    /// Changes the record in place, or says that it goes no further. A step that throws leaves the record as it was.
    ///
    /// `now` never goes back by more than what concurrent batches differ in; it is the only clock that a step knows.
    func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome

    /// What becomes of a record on which the step failed and which `on_error: keep` lets pass.
    var outcomeWhenKept: StepOutcome { get }
}

/// What becomes of a record after a step.
public enum StepOutcome: Sendable {
    /// It goes on to the next step.
    case keep
    /// It was meant to end here.
    case drop
    /// It leaves the transform by the output with this index.
    case route(Int)
    /// These go on to the next step in its place. The source's position waits for all of them.
    case split([Record])
}

extension Step {
    /// One output, without a name.
    public static func routes(_ config: Config) -> [String] { [] }

    /// It goes on.
    public var outcomeWhenKept: StepOutcome { .keep }

    /// The step as pipeline files and docs see it.
    static var declaration: StepDeclaration {
        StepDeclaration(kind, Config.self, summary, example: example, routes: { routes($0) })
    }

    /// Nil where the configuration is that of another step.
    static func make(_ config: any ConfigValue, context: StepContext) throws(Failure) -> (any Step)? {
        guard let config = config as? Config else { return nil }
        return try Self(config, context: context)
    }
}
