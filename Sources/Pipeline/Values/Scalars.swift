import Records

extension Bool: ConfigValue {
    /// For docs and messages.
    public static var expectation: String { "true or false" }
    /// For the JSON Schema.
    public static var shape: ConfigShape { .boolean }
    /// For docs.
    public var configText: String? { String(self) }

    /// Only `true` and `false` are booleans.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> Bool? {
        guard let scalar = context.expand(node, expected: expectation) else { return nil }
        if case .bool(let value) = scalar.resolved { return value }
        let word = node.scalar?.text.lowercased() ?? ""
        let meant = ["yes": "true", "on": "true", "no": "false", "off": "false", "true": "true", "false": "false"][word]
        context.mismatch(node, expected: expectation, hint: meant.map { "write `\($0)`" })
        return nil
    }
}

extension Int: ConfigValue {
    /// For docs and messages.
    public static var expectation: String { "a whole number" }
    /// For the JSON Schema.
    public static var shape: ConfigShape { .integer }
    /// For docs.
    public var configText: String? { String(self) }

    /// A quoted number is text, unless `${…}` made it.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> Int? {
        guard let scalar = context.expand(node, expected: expectation) else { return nil }
        if case .int(let value) = scalar.resolved { return Int(value) }
        let isQuoted = node.scalar.map { $0.style != .plain && Int($0.text) != nil } ?? false
        context.mismatch(node, expected: expectation, hint: isQuoted ? "write it without quotes" : nil)
        return nil
    }
}

extension Double: ConfigValue {
    /// For docs and messages.
    public static var expectation: String { "a number" }
    /// For the JSON Schema.
    public static var shape: ConfigShape { .number }
    /// For docs.
    public var configText: String? { self == rounded() && abs(self) < 1e15 ? String(Int64(self)) : String(self) }

    /// A whole number is a number; infinities and NaN are none.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> Double? {
        guard let scalar = context.expand(node, expected: expectation) else { return nil }
        switch scalar.resolved {
        case .int(let value): return Double(value)
        case .double(let value) where value.isFinite: return value
        default:
            let isQuoted = node.scalar.map { $0.style != .plain && Double($0.text) != nil } ?? false
            context.mismatch(node, expected: expectation, hint: isQuoted ? "write it without quotes" : nil)
            return nil
        }
    }
}

extension String: ConfigValue {
    /// For docs and messages.
    public static var expectation: String { "text" }
    /// For the JSON Schema.
    public static var shape: ConfigShape { .string }
    /// For docs.
    public var configText: String? { isEmpty ? nil : self }

    /// Numbers are taken as they are written (`stream: 0777`); nothing and booleans have to be quoted to be meant.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> String? {
        guard let scalar = context.expand(node, expected: expectation) else { return nil }
        if scalar.isSecret { return scalar.text }
        switch scalar.resolved {
        case .null where scalar.text.isEmpty:
            context.mismatch(node, expected: expectation)
            return nil
        case .null, .bool:
            context.mismatch(node, expected: expectation, hint: "write it in quotes: \"\(scalar.text)\"")
            return nil
        default: return scalar.text
        }
    }
}

extension Optional: ConfigValue where Wrapped: ConfigValue {
    /// For docs and messages.
    public static var expectation: String { Wrapped.expectation }
    /// For the JSON Schema.
    public static var shape: ConfigShape { Wrapped.shape }
    /// For docs.
    public var configText: String? { flatMap(\.configText) }

    /// `null` is none.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> Wrapped?? {
        if node.isNull { return .some(.none) }
        return Wrapped.decode(node, in: &context).map { .some($0) }
    }
}
