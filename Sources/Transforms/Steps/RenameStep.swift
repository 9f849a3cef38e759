public import Pipeline
public import Records

/// `rename: {msg: message, host: source.host}`
public struct RenameStep: Step {
    /// The fields and their new places.
    public struct Config: ConfigValue {
        let moves: [(from: FieldPath, to: FieldPath)]

        /// What is accepted, for messages.
        public static var expectation: String { "a mapping of paths to new paths such as {msg: message}" }

        /// Free keys, a path each.
        public static var shape: ConfigShape { .map(.string) }

        /// Every pair is read, so that every mistake is reported.
        public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> Config? {
            guard let pairs = node.mapping, !pairs.isEmpty else {
                context.mismatch(node, expected: expectation)
                return nil
            }
            let before = context.errorCount
            var sources: [(path: FieldPath, mark: Mark)] = []
            var targets: [(path: FieldPath, mark: Mark)] = []
            for pair in pairs {
                let from = FieldPath.decode(pair.key, in: &context)
                let to = FieldPath.decode(pair.value, in: &context)
                guard let from, let to else { continue }
                sources.append((from, pair.key.mark))
                targets.append((to, pair.value.mark))
            }
            reportConflicts(sources, in: &context)
            reportConflicts(targets, in: &context)
            return context.errorCount == before ? Config(moves: zip(sources, targets).map { ($0.path, $1.path) }) : nil
        }
    }

    /// The key in a pipeline file.
    public static let kind = "rename"
    /// One sentence for docs.
    public static let summary = "Moves fields to other names or places, all at once; those that a record does not have are no error."
    /// The step as a pipeline file writes it, for docs.
    public static let example = "rename: {msg: message, host: source.host}"

    private let moves: [(from: FieldPath, to: FieldPath)]

    /// Moves these fields.
    public init(_ config: Config, context: StepContext) {
        moves = config.moves
    }

    /// Throws where the record is no map, or where something else than a map is on the way to a new place.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        record.decode()
        guard case .map = record.value else { throw StepFailure(.recordType(record.value.typeName)) }
        for move in moves where record.value.has(move.from) {
            if let obstacle = record.value.obstacle(on: move.to, without: moves.map(\.from)) {
                throw StepFailure(.obstacle(move.to.prefix(obstacle.depth), type: obstacle.type))
            }
        }
        // All are taken out before any is put back: `{a: b, b: a}` swaps.
        let taken = moves.map { record.value.remove($0.from.names[...]) }
        for (move, value) in zip(moves, taken) {
            if let value { record.value.set(move.to.names[...], to: value) }
        }
        return .keep
    }
}
