public import OrderedCollections
public import Records

extension Array: ConfigValue where Element: ConfigValue {
    /// For docs and messages.
    public static var expectation: String { "a list (each: \(Element.expectation))" }
    /// For the JSON Schema.
    public static var shape: ConfigShape { .list(Element.shape) }
    /// For docs.
    public var configText: String? { isEmpty ? nil : "[" + compactMap(\.configText).joined(separator: ", ") + "]" }

    /// Every element is decoded, so that every mistake is reported. A single value is no list.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> [Element]? {
        guard let elements = node.sequence else {
            context.mismatch(node, expected: expectation, hint: node.scalar.map { "write `[\($0.text.prefix(40))]`" })
            return nil
        }
        let values = elements.map { Element.decode($0, in: &context) }
        let decoded = values.compactMap { $0 }
        return decoded.count == values.count ? decoded : nil
    }
}

extension OrderedDictionary: ConfigValue where Key == String, Value: ConfigValue {
    /// For docs and messages.
    public static var expectation: String { "a mapping (each value: \(Value.expectation))" }
    /// For the JSON Schema.
    public static var shape: ConfigShape { .map(Value.shape) }

    /// Every value is decoded, so that every mistake is reported.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> OrderedDictionary<String, Value>? {
        guard let pairs = node.mapping else {
            context.mismatch(node, expected: expectation)
            return nil
        }
        var values: OrderedDictionary<String, Value> = [:]
        for pair in pairs {
            context.enter(pair)
            if let value = Value.decode(pair.value, in: &context) { values[pair.key.text] = value }
        }
        return values.count == pairs.count ? values : nil
    }
}

extension YAMLNode: ConfigValue {
    /// For docs and messages.
    public static var expectation: String { "any value" }

    /// The node as it is: `${…}` in it is expanded by whatever decodes it further.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> YAMLNode? { node }

    /// The node as a record's value, `${…}` expanded. Nil after an error was reported.
    public func value(in context: inout DecodingContext) -> Records.Value? {
        switch content {
        case .scalar(let scalar):
            guard let expanded = context.expand(self, expected: Self.expectation) else { return nil }
            return scalar.style == .plain ? expanded.resolved : .string(expanded.text)
        case .sequence(let elements):
            let values = elements.map { $0.value(in: &context) }
            let decoded = values.compactMap { $0 }
            return decoded.count == values.count ? .list(decoded) : nil
        case .mapping(let pairs):
            var map: ValueMap = [:]
            for pair in pairs {
                guard let value = pair.value.value(in: &context) else { continue }
                map[pair.key.text] = value
            }
            return map.count == pairs.count ? .map(map) : nil
        }
    }
}
