import OrderedCollections
public import Records

/// `keep: [id, customer.name]`
public struct KeepStep: Step {
    /// The key in a pipeline file.
    public static let kind = "keep"
    /// One sentence for docs.
    public static let summary = "Keeps these fields and removes all others; the order of the fields stays."
    /// The step as a pipeline file writes it, for docs.
    public static let example = "keep: [id, customer.name]"

    /// The paths as a tree: which fields of a map stay, and which parts of them.
    private indirect enum Selection: Sendable {
        case whole
        case parts([String: Selection])

        mutating func add(_ names: ArraySlice<String>) {
            guard case .parts(var parts) = self else { return }
            guard let name = names.first else {
                self = .whole
                return
            }
            parts[name, default: .parts([:])].add(names.dropFirst())
            self = .parts(parts)
        }

        /// What stays of a value; nil where none of the selected fields is there.
        func applied(to value: Value) -> Value? {
            guard case .parts(let parts) = self else { return value }
            guard case .map(let map) = value else { return nil }
            var kept: ValueMap = [:]
            for (name, value) in map {
                if let selection = parts[name], let part = selection.applied(to: value) { kept[name] = part }
            }
            return kept.isEmpty ? nil : .map(kept)
        }
    }

    private let selection: Selection

    /// Keeps these fields.
    public init(_ config: FieldPathList, context: StepContext) {
        var selection = Selection.parts([:])
        for path in config.paths { selection.add(path.names[...]) }
        self.selection = selection
    }

    /// Throws where the record is no map.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        record.decode()
        guard case .map = record.value else { throw StepFailure(.recordType(record.value.typeName)) }
        record.value = selection.applied(to: record.value) ?? .map([:])
        return .keep
    }
}
