/// Where Kinesis is: the stream that the agent embeds, or a URL.
public enum EndpointSetting: ConfigValue, Hashable {
    case embedded
    /// An absolute http or https URL.
    case url(String)

    /// For docs and messages.
    public static var expectation: String { "`embedded` or a URL such as https://kinesis.eu-west-1.amazonaws.com" }
    /// For the JSON Schema.
    public static var shape: ConfigShape { .string }

    /// For docs.
    public var configText: String? {
        switch self {
        case .embedded: "embedded"
        case .url(let url): url
        }
    }

    /// Reports what is neither.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> EndpointSetting? {
        guard let scalar = context.expand(node, expected: expectation) else { return nil }
        if scalar.text == "embedded" { return .embedded }
        if isAbsolute(scalar.text) { return .url(scalar.text) }
        let isNearlyEmbedded = !scalar.isSecret && Suggestion.nearest(to: scalar.text, among: ["embedded"]) != nil
        context.error(
            "invalid_value", "expected \(expectation), found \(context.description(of: node))", at: node,
            hint: isNearlyEmbedded ? "did you mean `embedded`?" : "a URL begins with http:// or https://")
        return nil
    }

    /// A scheme, a host, an optional port; no spaces.
    private static func isAbsolute(_ text: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else { return false }
        let authority = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.isEmpty, text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else { return false }
        let host = authority.hasPrefix("[") ? authority.drop { $0 != "]" }.dropFirst() : authority.drop { $0 != ":" }
        let bracketed = !authority.hasPrefix("[") || authority.contains("]")
        let port = host.dropFirst()
        return bracketed && !authority.hasPrefix(":") && (host.isEmpty || host.hasPrefix(":") && UInt16(port) != nil)
    }
}
