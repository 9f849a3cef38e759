import OrderedCollections
public import Pipeline
public import Records

/// `flatten: {separator: _}`
public struct FlattenStep: Step {
    /// What is flattened and how.
    public struct Config: ComponentConfig {
        var separator = "."
        var field = FieldTarget.record

        /// The defaults.
        public init() {}

        /// The options.
        public static let fields: [Field<Self>] = [
            Field("separator", \.separator, "What stands between the names of the fields on the way."),
            Field("field", \.field, "The map to flatten; without it, the record."),
        ]
    }

    /// The key in a pipeline file.
    public static let kind = "flatten"
    /// One sentence for docs.
    public static let summary = "Puts the fields of maps inside of maps side by side: {a: {b: 1}} becomes {a.b: 1}. Lists stay as they are."
    /// For docs.
    public static let example = "flatten: {separator: _}"

    private let config: Config

    /// A step that flattens so.
    public init(_ config: Config, context: StepContext) {
        self.config = config
    }

    /// Throws where there is no map, or where two fields would get the same name.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        record.decode()
        guard let path = config.field.path else {
            guard case .map(let map) = record.value else { throw StepFailure(.recordType(record.value.typeName)) }
            record.value = .map(try flat(map))
            return .keep
        }
        guard let value = record.value[path] else { throw StepFailure(.missing(path)) }
        guard case .map(let map) = value else { throw StepFailure(.type(path, expected: "a map", got: value.typeName)) }
        let result = Value.map(try flat(map))
        record.value.update(path.names[...]) { $0 = result }
        return .keep
    }

    private func flat(_ map: ValueMap) throws(StepFailure) -> ValueMap {
        var result = ValueMap(minimumCapacity: map.count)
        try add(map, "", &result)
        return result
    }

    private func add(_ map: ValueMap, _ prefix: String, _ result: inout ValueMap) throws(StepFailure) {
        for (name, value) in map {
            let path = prefix + name
            if case .map(let inner) = value, !inner.isEmpty {
                try add(inner, path + config.separator, &result)
            } else if result.updateValue(value, forKey: path) != nil {
                throw StepFailure(.other(code: "conflicting_fields", "two fields would have the name `\(path)`"))
            }
        }
    }
}
