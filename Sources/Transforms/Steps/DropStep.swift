public import Records

/// `drop: record.level == "debug"`
public struct DropStep: Step {
    /// The key in a pipeline file.
    public static let kind = "drop"
    /// One sentence for docs.
    public static let summary = "Drops records for which a condition holds; the opposite of filter."
    /// The step as a pipeline file writes it, for docs.
    public static let example = "drop: record.path == \"/health\""

    private let condition: Condition

    /// Drops what this condition holds for.
    public init(_ config: Condition, context: StepContext) {
        condition = config
    }

    /// Throws where the condition has no answer for the record.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        try condition.holds(for: record) ? .drop : .keep
    }
}
