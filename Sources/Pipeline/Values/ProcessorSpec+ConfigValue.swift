public import Processors
import Records

extension ProcessorSpec: ConfigValue {
    /// For docs and messages.
    public static var expectation: String { "the name of a processor such as json_lines" }
    /// For the JSON Schema.
    public static var shape: ConfigShape { .string }
    /// For docs.
    public var configText: String? { name }

    /// One of the file's own `processors`, or a built-in one.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> ProcessorSpec? {
        guard let name = String.decode(node, in: &context) else { return nil }
        if let spec = context.processors[name] ?? builtIn(named: name) { return spec }
        let known = context.processors.keys.sorted() + builtIn.map(\.name)
        context.error(
            "unknown_processor", "there is no processor \(context.quoted(node, part: name))", at: node,
            hint: Suggestion.hint(for: name, among: known))
        return nil
    }
}

extension AggregatorKind: ConfigChoice {}
extension SerializerKind: ConfigChoice {}
extension Compression: ConfigChoice {}

/// An entry of the `processors:` section.
struct ProcessorConfig: ComponentConfig {
    var aggregator = AggregatorKind.simple
    var serializer = SerializerKind.json
    var maxSize: KibibyteSize?
    var compression: Compression?

    static let fields: [Field<Self>] = [
        Field("aggregator", \.aggregator, required: true, "How items are framed in one Kinesis record."),
        Field("serializer", \.serializer, required: true, "How one item is written as bytes."),
        Field(
            "max_size", \.maxSize, otherwise: "the largest that every stream takes",
            "The limit of an item and of an aggregate; a plain number counts KiB."),
        Field(
            "compression", \.compression, otherwise: "none",
            "Of each Kinesis record's data, aggregated or not; `max_size` counts before it."),
    ]

    /// The `processors:` section by name. One that is wrong is in it all the same: nodes that name it are not wrong because of that.
    static func decodeAll(_ section: YAMLNode?, in context: inout DecodingContext) -> [String: ProcessorSpec] {
        context.processorPlaces = [:]
        guard let section, !section.isNull else { return [:] }
        guard let pairs = section.mapping else {
            context.mismatch(section, expected: "a mapping of names to processors")
            return [:]
        }
        var processors: [String: ProcessorSpec] = [:]
        for pair in pairs {
            context.enter(pair)
            let name = pair.key.text
            context.processorPlaces[name] = pair.key.mark.location
            if ProcessorSpec.builtIn(named: name) != nil {
                context.report(
                    Diagnostic(
                        "duplicate_name", "`\(name)` is a built-in processor", at: pair.key.mark.location, hint: "give yours another name"))
            }
            let config = decode(pair.value, in: &context)
            processors[name] = config.flatMap { $0.spec(named: name, pair.value, in: &context) } ?? ProcessorSpec.builtIn[0]
        }
        return processors
    }

    private func spec(named name: String, _ node: YAMLNode, in context: inout DecodingContext) -> ProcessorSpec? {
        do throws(ProcessorError) {
            return try ProcessorSpec(name, aggregator: aggregator, serializer: serializer, maxSize: maxSize?.size, compression: compression)
        } catch {
            let culprit = node[error.code == .invalidMaxSize ? "max_size" : "aggregator"] ?? node
            context.error(error.code.rawValue, error.message, at: culprit, hint: error.hint)
            return nil
        }
    }
}
