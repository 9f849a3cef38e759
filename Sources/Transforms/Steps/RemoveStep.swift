public import Records

/// `remove: [debug, internal.trace]`
public struct RemoveStep: Step {
    /// The key in a pipeline file.
    public static let kind = "remove"
    /// One sentence for docs.
    public static let summary = "Removes fields; those that a record does not have are no error."
    /// The step as a pipeline file writes it, for docs.
    public static let example = "remove: [debug, internal.trace]"

    private let paths: [FieldPath]

    /// Removes these fields.
    public init(_ config: FieldPathList, context: StepContext) {
        paths = config.paths
    }

    /// Throws where the record is no map.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        record.decode()
        guard case .map = record.value else { throw StepFailure(.recordType(record.value.typeName)) }
        for path in paths { _ = record.value.remove(path.names[...]) }
        return .keep
    }
}
