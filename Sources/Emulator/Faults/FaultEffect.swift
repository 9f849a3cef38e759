import Pipeline
import Records

/// What happens to a request that a rule of a fault file picks.
enum FaultEffect: Sendable, Hashable {
    /// Where a connection is cut.
    enum CutPoint: String, ConfigChoice {
        /// Nothing is done.
        case before
        /// All is done and nothing answered.
        case after
        /// The reply ends in its middle; a subscription, in the middle of its first event with records.
        case body
    }

    /// Whether a request whose reply never comes was carried out.
    enum Application: String, ConfigChoice {
        case applied
        case notApplied = "not_applied"
    }

    case failRecords(FailedRecords)
    case error(ErrorReply)
    case latency(Duration)
    case timeout(Application)
    case cut(CutPoint)
    case empty
    case stale
    case omitChildren
    case corrupt

    /// The actions that it can happen to; nil for all.
    var operations: Set<String>? {
        switch self {
        case .failRecords: ["PutRecord", "PutRecords"]
        case .empty: ["GetRecords"]
        case .stale: ["ListShards", "DescribeStream", "DescribeStreamSummary"]
        case .omitChildren: ["GetRecords", "SubscribeToShard"]
        case .corrupt: ["SubscribeToShard"]
        case .error, .latency, .timeout, .cut: nil
        }
    }

    func applies(to operation: String) -> Bool { operations?.contains(operation) ?? true }
}

/// Records of a put that are refused inside a reply that is otherwise a success.
struct FailedRecords: ComponentConfig, Hashable {
    var fraction = 1.0
    var code = "ProvisionedThroughputExceededException"

    static let fields: [Field<FailedRecords>] = [
        Field("fraction", \.fraction, required: true, "How many of the records, from 0 to 1"),
        Field("code", \.code, "Their ErrorCode"),
    ]

    func validate(_ node: YAMLNode, in context: inout DecodingContext) {
        FaultRule.check(fraction, "fraction", of: node, in: &context)
    }
}

/// An error in place of a reply.
struct ErrorReply: ComponentConfig, Hashable {
    var code = ""
    var status: Int?

    static let expectation = "an error code, or a mapping of `code` and `status`"
    static let fields: [Field<ErrorReply>] = [
        Field("code", \.code, required: true, "As the API names it: ExpiredIteratorException"),
        Field("status", \.status, "The HTTP status; default the code's own"),
    ]

    static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> ErrorReply? {
        guard node.scalar != nil, !node.isNull else { return decodeFields(node, in: &context) }
        return String.decode(node, in: &context).map { ErrorReply(code: $0) }
    }

    func validate(_ node: YAMLNode, in context: inout DecodingContext) {
        if let status, !(400...599).contains(status), let place = node["status"] {
            context.error("invalid_value", "expected a status from 400 to 599", at: place)
        }
    }
}

extension FaultEffect: ConfigValue {
    static let expectation = "an effect such as {error: InternalFailure} or {latency: 200ms}"

    private static let names = [
        "fail_records", "error", "latency", "timeout", "cut", "empty", "stale", "omit_children", "corrupt",
    ]
    /// Effects without options can stand as a word.
    private static let words: [String: FaultEffect] = [
        "empty": .empty, "stale": .stale, "omit_children": .omitChildren, "corrupt": .corrupt,
    ]

    static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> FaultEffect? {
        if let scalar = node.scalar, !node.isNull {
            if let effect = words[scalar.text] { return effect }
            let needsOptions = names.contains(scalar.text)
            context.error(
                "invalid_value", "expected \(expectation), found \(context.description(of: node))", at: node,
                hint: needsOptions ? "`\(scalar.text)` takes a value" : Suggestion.hint(for: scalar.text, among: names))
            return nil
        }
        guard let pairs = node.mapping else {
            context.mismatch(node, expected: expectation)
            return nil
        }
        guard pairs.count == 1, let pair = pairs.first else {
            context.error("invalid_value", "expected one effect, found \(pairs.count)", at: node, hint: "write a rule for each")
            return nil
        }
        context.enter(pair)
        return decode(pair, in: &context)
    }

    private static func decode(_ pair: YAMLPair, in context: inout DecodingContext) -> FaultEffect? {
        let value = pair.value
        switch pair.key.text {
        case "fail_records": return FailedRecords.decode(value, in: &context).map(FaultEffect.failRecords)
        case "error": return ErrorReply.decode(value, in: &context).map(FaultEffect.error)
        case "latency": return Duration.decode(value, in: &context).map(FaultEffect.latency)
        case "timeout": return Application.decode(value, in: &context).map(FaultEffect.timeout)
        case "cut": return CutPoint.decode(value, in: &context).map(FaultEffect.cut)
        case let word:
            guard let effect = words[word] else {
                context.unknownKey(pair.key, known: names)
                return nil
            }
            if !value.isNull, value.scalar?.resolved != .bool(true), value.mapping?.isEmpty != true {
                context.error("invalid_value", "`\(word)` takes no options", at: value, hint: "write `effect: \(word)`")
                return nil
            }
            return effect
        }
    }
}
