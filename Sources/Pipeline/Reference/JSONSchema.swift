import OrderedCollections
import Processors
public import Records

/// The JSON Schema of pipeline files, for editors and validators: dialect 2020-12 (https://json-schema.org/draft/2020-12).
///
/// It describes shapes; what only compiling can tell (names that do not exist, types of expressions) is for `check`.
public struct JSONSchema: Sendable {
    private let catalogue: Catalogue

    /// The schema of files that name what is in the catalogue.
    public init(_ catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    /// The whole schema, ready to be written.
    public var value: Value {
        [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "A pipeline of kinesis-agent",
            "type": "object",
            "required": .list(Section.allCases.filter(\.isRequired).map { .string($0.rawValue) }),
            "additionalProperties": false,
            "properties": Schema.object(Section.allCases.map { ($0.rawValue, Schema.described(section($0), $0.summary)) }),
            "$defs": Schema.object(definitions),
        ]
    }

    private func section(_ section: Section) -> Value {
        switch section {
        case .pipeline: ["type": "string", "anyOf": [["pattern": "^[A-Za-z0-9_.-]+$"], Schema.reference("interpolated")]]
        case .aws: Schema.nullable(Schema.options(AWSDefaults.fieldDescriptions))
        case .checkpoints: Schema.nullable(Schema.reference("store"))
        case .processors: Schema.nullable(Schema.named(Schema.options(ProcessorConfig.fieldDescriptions)))
        case .sources: Schema.nodes(Schema.reference("source"))
        case .transforms: Schema.nullable(Schema.nodes(Schema.reference("transform"), atLeast: 0))
        case .sinks: Schema.nodes(Schema.reference("sink"))
        case .deadLetter: Schema.reference("dead_letter")
        case .tests: Schema.tests
        }
    }

    private var definitions: [(String, Value)] {
        [
            (
                "interpolated",
                Schema.described(
                    ["type": "string", "pattern": "\\$\\{[^}]+\\}"], "A text in which `${NAME}` and the like are expanded.")
            ),
            (
                "processor",
                Schema.described(
                    Schema.text, "A processor: \(ProcessorSpec.builtIn.map(\.name).joined(separator: ", ")), or one of `processors`.")
            ),
            (
                "from",
                Schema.described(
                    ["anyOf": [Schema.text, ["type": "array", "items": Schema.text, "minItems": 1]]],
                    "The node that is read, a route of it (`node.route`), or a list of these.")
            ),
            (
                "on_error",
                Schema.described(
                    Schema.value(ErrorAction.shape),
                    "What happens to a record on which the step fails; `dead_letter` where the pipeline has one, else `stop`.")
            ),
            ("source", Schema.oneOf(catalogue.sources.map(Self.kind))),
            ("sink", Schema.oneOf(catalogue.sinks.map(Self.kind), besides: [("from", Schema.reference("from"))])),
            ("dead_letter", Schema.oneOf(catalogue.sinks.map(Self.kind))),
            ("store", Schema.oneOf(catalogue.checkpointStores.map(Self.kind))),
            (
                "transform",
                [
                    "type": "object", "required": ["steps"], "additionalProperties": false,
                    "properties": ["from": Schema.reference("from"), "steps": ["type": "array", "items": Schema.reference("step")]],
                ]
            ),
            ("step", Schema.oneOf(catalogue.steps.map(Self.kind), besides: [("on_error", Schema.reference("on_error"))])),
        ]
    }

    private static func kind(_ declaration: ComponentDeclaration) -> Schema.Kind {
        // `stdout:` with nothing under it is a mapping without options.
        let options = Schema.options(declaration.fields)
        return Schema.Kind(
            name: declaration.kind, summary: declaration.summary,
            shape: declaration.fields.contains(where: \.isRequired) ? options : Schema.nullable(options))
    }

    private static func kind(_ declaration: StepDeclaration) -> Schema.Kind {
        Schema.Kind(name: declaration.kind, summary: declaration.summary, shape: Schema.value(declaration.shape))
    }
}
