public import Pipeline
public import Records

/// `unnest: {field: items}`
public struct UnnestStep: Step {
    /// Which list is opened and what its elements become.
    public struct Config: ComponentConfig {
        var field = FieldTarget.record
        var alone = false
        var maxElements = 10_000

        /// The defaults.
        public init() {}

        /// The options.
        public static let fields: [Field<Self>] = [
            Field("field", \.field, "The list; without it, the record is one, as `json_list` reads it."),
            Field(
                "alone", \.alone,
                "True makes each element a record of its own; else it is a copy of the record with the element in the list's place."),
            Field("max_elements", \.maxElements, "A longer list is a failure of the record."),
        ]

        /// A limit below 1 would refuse everything.
        public func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            if let option = node["max_elements"], maxElements < 1 {
                context.error("invalid_value", "`max_elements` is 1 at least", at: option)
            }
        }
    }

    /// The key in a pipeline file.
    public static let kind = "unnest"
    /// One sentence for docs.
    public static let summary =
        "Makes a record of each element of a list; the source's position waits for all of them. An empty list makes none."
    /// For docs.
    public static let example = "unnest: {field: items}"

    private let config: Config

    /// A step that opens this list.
    public init(_ config: Config, context: StepContext) {
        self.config = config
    }

    /// Throws where there is no list, or a longer one than is allowed.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        record.decode()
        let list = try list(of: record)
        guard list.count <= config.maxElements else {
            throw StepFailure(.other(code: "list_too_long", "the list has \(list.count) elements, and \(config.maxElements) are the most"))
        }
        let path = config.field.path
        // Without the list, so that no copy of the record has to give it up.
        if let path { record.value.update(path.names[...]) { $0 = .null } }
        var parts: [Record] = []
        parts.reserveCapacity(list.count)
        for element in list {
            var part = record
            if let path, !config.alone {
                part.value.update(path.names[...]) { $0 = element }
            } else {
                part.value = element
            }
            parts.append(part)
        }
        return .split(parts)
    }

    private func list(of record: Record) throws(StepFailure) -> [Value] {
        guard let path = config.field.path else {
            guard case .list(let list) = record.value else {
                throw StepFailure(.type(nil, expected: "a list", got: record.value.typeName))
            }
            return list
        }
        guard let value = record.value[path] else { throw StepFailure(.missing(path)) }
        guard case .list(let list) = value else { throw StepFailure(.type(path, expected: "a list", got: value.typeName)) }
        return list
    }
}
