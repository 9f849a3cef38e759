import Expressions
public import Pipeline
public import Records

/// `set: {total: record.net + record.vat, customer.name: record.name.trim()}`
public struct SetStep: Step {
    /// The fields and what they become.
    public struct Config: ConfigValue {
        let assignments: [(path: FieldPath, expression: ConfigExpression)]

        /// What is accepted, for messages.
        public static var expectation: String { "a mapping of paths to expressions such as {total: record.net + record.vat}" }

        /// Free keys, an expression each.
        public static var shape: ConfigShape { .map(ConfigExpression.shape) }

        /// Every pair is read, so that every mistake is reported.
        public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> Config? {
            guard let pairs = node.mapping, !pairs.isEmpty else {
                context.mismatch(node, expected: expectation)
                return nil
            }
            let before = context.errorCount
            var assignments: [(path: FieldPath, expression: ConfigExpression)] = []
            var places: [(path: FieldPath, mark: Mark)] = []
            for pair in pairs {
                let path = FieldPath.decode(pair.key, in: &context)
                let expression = ConfigExpression.decode(pair.value, in: &context)
                guard let path, let expression else { continue }
                assignments.append((path, expression))
                places.append((path, pair.key.mark))
            }
            reportConflicts(places, in: &context)
            return context.errorCount == before ? Config(assignments: assignments) : nil
        }
    }

    /// The key in a pipeline file.
    public static let kind = "set"
    /// One sentence for docs.
    public static let summary = "Sets fields to the values of expressions, all of which read the record as it was before the step."
    /// The step as a pipeline file writes it, for docs.
    public static let example = "set: {total: record.net + record.vat, day.of: meta.arrived_at}"

    private let assignments: [(path: FieldPath, expression: ConfigExpression)]

    /// Sets these fields.
    public init(_ config: Config, context: StepContext) {
        assignments = config.assignments
    }

    /// Throws where an expression fails, where the record is no map, or where something else than a map is on the way to a field.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        record.decode()
        guard case .map = record.value else {
            throw StepFailure(.recordType(record.value.typeName), at: assignments.first?.expression.mark)
        }
        // Nothing is changed before everything is known to succeed.
        var values: [Value] = []
        values.reserveCapacity(assignments.count)
        for (path, expression) in assignments {
            if let obstacle = record.value.obstacle(on: path) {
                throw StepFailure(.obstacle(path.prefix(obstacle.depth), type: obstacle.type), at: expression.mark)
            }
            do {
                values.append(try expression.program.evaluate(record))
            } catch {
                throw StepFailure(error, in: expression)
            }
        }
        for (assignment, value) in zip(assignments, values) {
            record.value.set(assignment.path.names[...], to: value)
        }
        return .keep
    }
}
