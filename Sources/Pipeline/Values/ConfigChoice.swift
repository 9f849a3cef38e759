/// An option with a few words to choose from.
///
///     enum IteratorType: String, ConfigChoice { case latest = "LATEST", trimHorizon = "TRIM_HORIZON" }
public protocol ConfigChoice: ConfigValue, CaseIterable, RawRepresentable<String> {}

extension ConfigChoice {
    /// For docs and messages.
    public static var expectation: String { Suggestion.alternatives(allCases.map(\.rawValue)) }

    /// For the JSON Schema.
    public static var shape: ConfigShape { .choice(allCases.map(\.rawValue)) }

    /// For docs.
    public var configText: String? { rawValue }

    /// Reports a word that is none of the choices, with the nearest one.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> Self? {
        guard let scalar = context.expand(node, expected: expectation) else { return nil }
        if let value = Self(rawValue: scalar.text) { return value }
        let nearest = scalar.isSecret ? nil : Suggestion.nearest(to: scalar.text, among: allCases.map(\.rawValue))
        context.error(
            "invalid_value", "expected \(expectation), found \(context.description(of: node))", at: node,
            hint: nearest.map { "did you mean `\($0)`?" })
        return nil
    }
}
