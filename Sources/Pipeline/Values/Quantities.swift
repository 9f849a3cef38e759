public import Records

extension Duration: ConfigValue {
    /// For docs and messages.
    public static var expectation: String { "a duration such as 500ms, 2s, 5m or 1h" }
    /// For the JSON Schema.
    public static var shape: ConfigShape { .quantity(units: ["ms", "s", "m", "h", "d"]) }
    /// For docs.
    public var configText: String? { text }

    /// Reports what is no duration.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> Duration? {
        guard let scalar = context.expand(node, expected: expectation) else { return nil }
        guard let value = Duration(text: scalar.text) else {
            context.mismatch(node, expected: expectation, hint: unitHint(scalar, ["ms", "s", "m", "h", "d"]))
            return nil
        }
        return value
    }
}

extension ByteSize: ConfigValue {
    /// For docs and messages.
    public static var expectation: String { "a size such as 50 KiB or 1 MiB" }
    /// For the JSON Schema.
    public static var shape: ConfigShape { .quantity(units: ByteSize.unitNames) }
    /// For docs.
    public var configText: String? { description }

    /// Reports what is no size.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> ByteSize? {
        decode(node, plainUnit: 1, in: &context)
    }

    static func decode(_ node: YAMLNode, plainUnit: Int, in context: inout DecodingContext) -> ByteSize? {
        guard let scalar = context.expand(node, expected: expectation) else { return nil }
        guard let value = ByteSize(scalar.text, plainUnit: plainUnit) else {
            context.mismatch(node, expected: expectation, hint: unitHint(scalar, unitNames))
            return nil
        }
        return value
    }
}

/// The units, where a number is followed by something else.
private func unitHint(_ scalar: DecodingContext.ExpandedScalar, _ units: [String]) -> String? {
    guard !scalar.isSecret, scalar.text.first?.isNumber ?? false, scalar.text.last.map({ !$0.isNumber }) ?? false else { return nil }
    return "units are \(Suggestion.alternatives(units, last: ", "))"
}

/// A size of which a plain number counts KiB, as async-kinesis counts `max_size` and `put_bandwidth_limit_per_shard`.
public struct KibibyteSize: ConfigValue, Hashable {
    /// In bytes, whatever the unit it was written in.
    public var size: ByteSize

    /// A size that was not read from a file.
    public init(_ size: ByteSize) {
        self.size = size
    }

    /// For docs and messages.
    public static var expectation: String { "a size such as 50 KiB (a plain number counts KiB)" }
    /// For the JSON Schema.
    public static var shape: ConfigShape { .quantity(units: ByteSize.unitNames) }
    /// For docs.
    public var configText: String? { size.description }

    /// Reports what is no size.
    public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> KibibyteSize? {
        ByteSize.decode(node, plainUnit: 1024, in: &context).map { KibibyteSize($0) }
    }
}
