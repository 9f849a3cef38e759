public import Records

/// `filter: record.status == "paid"`
public struct FilterStep: Step {
    /// The key in a pipeline file.
    public static let kind = "filter"
    /// One sentence for docs.
    public static let summary = "Lets records pass for which a condition holds."
    /// The step as a pipeline file writes it, for docs.
    public static let example = "filter: record.status == \"paid\""

    private let condition: Condition

    /// A filter by this condition.
    public init(_ config: Condition, context: StepContext) {
        condition = config
    }

    /// Throws where the condition has no answer for the record.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        try condition.holds(for: record) ? .keep : .drop
    }
}
