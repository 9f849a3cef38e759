import Records

extension Bool: ConfigValue {
    public static var expectation: String { "true or false" }
    public static var shape: ConfigShape { .boolean }
    public var configText: String? { String(self) }

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
    public static var expectation: String { "a whole number" }
    public static var shape: ConfigShape { .integer }
    public var configText: String? { String(self) }

    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> Int? {
        guard let scalar = context.expand(node, expected: expectation) else { return nil }
        if case .int(let value) = scalar.resolved { return Int(value) }
        let isQuoted = node.scalar.map { $0.style != .plain && Int($0.text) != nil } ?? false
        context.mismatch(node, expected: expectation, hint: isQuoted ? "write it without quotes" : nil)
        return nil
    }
}

extension Double: ConfigValue {
    public static var expectation: String { "a number" }
    public static var shape: ConfigShape { .number }
    public var configText: String? { self == rounded() && abs(self) < 1e15 ? String(Int64(self)) : String(self) }

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
    public static var expectation: String { "text" }
    public static var shape: ConfigShape { .string }
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
    public static var expectation: String { Wrapped.expectation }
    public static var shape: ConfigShape { Wrapped.shape }
    public var configText: String? { flatMap(\.configText) }

    /// `null` is none.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> Wrapped?? {
        if node.isNull { return .some(.none) }
        return Wrapped.decode(node, in: &context).map { .some($0) }
    }
}
