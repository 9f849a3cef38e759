/// The options of a component as a typed value, described by its fields.
public protocol ComponentConfig: ConfigValue {
    /// The defaults.
    init()
    static var fields: [Field<Self>] { get }
    /// Checks across fields, after all decoded; default does nothing.
    func validate(_ node: YAMLNode, in context: inout DecodingContext)
}

extension ComponentConfig {
    /// For docs and messages.
    public static var expectation: String { "a mapping of options" }

    /// For the JSON Schema.
    public static var shape: ConfigShape { .object(fieldDescriptions) }

    /// The fields with their defaults, for docs.
    public static var fieldDescriptions: [FieldDescription] {
        let defaults = Self()
        return fields.map { field in
            FieldDescription(
                name: field.name, summary: field.summary, expectation: field.expectation, shape: field.shape(),
                isRequired: field.isRequired,
                defaultText: field.isRequired ? nil : field.text(defaults), otherwise: field.otherwise)
        }
    }

    /// Nothing to check.
    public func validate(_ node: YAMLNode, in context: inout DecodingContext) {}

    /// As `decodeFields`; a configuration with a short form decodes that itself and leaves the mapping to `decodeFields`.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> Self? {
        decodeFields(node, in: &context)
    }

    /// Decodes a mapping of options. Unknown keys, missing ones and wrong types are all reported, not the first alone.
    /// Nothing at all (`stdout:`) is a mapping without options.
    public static func decodeFields(_ node: YAMLNode, in context: inout DecodingContext) -> Self? {
        let errorsBefore = context.errorCount
        let pairs: [YAMLPair]
        if let mapping = node.mapping {
            pairs = mapping
        } else if node.isNull {
            pairs = []
        } else {
            context.mismatch(node, expected: expectation)
            return nil
        }
        let fields = Self.fields
        var config = Self()
        for pair in pairs {
            guard let field = fields.first(where: { $0.name == pair.key.text }) else {
                context.unknownKey(pair.key, known: fields.map(\.name))
                continue
            }
            context.enter(pair)
            field.assign(pair.value, &config, &context)
        }
        for field in fields where field.isRequired && node[field.name] == nil {
            context.report(
                Diagnostic(
                    "missing_key", "`\(field.name)` is required", at: context.place(ofMissing: node),
                    hint: "\(field.name): \(field.summary)"))
        }
        // Checks across fields would only repeat what is wrong with one of them.
        guard context.errorCount == errorsBefore else { return nil }
        config.validate(node, in: &context)
        return context.errorCount == errorsBefore ? config : nil
    }
}
