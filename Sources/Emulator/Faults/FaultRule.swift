import Pipeline

/// One rule of a fault file: which requests, how many of them, when, and what happens to them.
struct FaultRule: ComponentConfig {
    var operation = OperationSelector.all
    var stream: String?
    var shard: String?
    var probability: Double?
    var every: Int?
    /// Since the faults were switched on.
    var after: Duration = .zero
    /// Since the faults were switched on.
    var until: Duration?
    var effect = FaultEffect.empty

    static let expectation = "a rule with `operation` and `effect`"
    static let fields: [Field<FaultRule>] = [
        Field("operation", \.operation, required: true, "The action: one, a list, or \"*\""),
        Field("stream", \.stream, "Only requests on the stream of this name"),
        Field("shard", \.shard, "Only requests on the shard of this id; of a put, only the records that go there"),
        Field("probability", \.probability, "How many of the requests, from 0 to 1; default all"),
        Field("every", \.every, "One request in so many"),
        Field("after", \.after, "Not before so long after the faults were switched on"),
        Field("until", \.until, "Not later than so long after the faults were switched on"),
        Field("effect", \.effect, required: true, "What happens"),
    ]

    func validate(_ node: YAMLNode, in context: inout DecodingContext) {
        if let probability { Self.check(probability, "probability", of: node, in: &context) }
        if let place = node["every"] {
            if probability != nil { context.error("conflict", "`every` and `probability` exclude each other", at: place) }
            if let every, every < 1 { context.error("invalid_value", "expected a number of requests from 1 on", at: place) }
        }
        if let until, until <= after, let place = node["until"] {
            context.error("invalid_value", "`until` is not later than `after`", at: place)
        }
        if let shard, ShardState.index(shard) == nil, let place = node["shard"] {
            context.error(
                "invalid_value", "expected the id of a shard, found \(context.description(of: place))", at: place,
                hint: "such as `\(ShardState.id(0))`")
        }
        if let possible = effect.operations, let place = node["effect"], !operation.names.contains(where: possible.contains) {
            let list = possible.sorted().joined(separator: ", ")
            context.error("invalid_value", "this effect cannot happen to \(operation.text)", at: place, hint: "it can to \(list)")
        }
    }

    static func check(_ fraction: Double, _ name: String, of node: YAMLNode, in context: inout DecodingContext) {
        guard !(0...1).contains(fraction), let place = node[name] else { return }
        context.error("invalid_value", "expected a number from 0 to 1", at: place)
    }

    func matches(_ target: RequestTarget) -> Bool {
        operation.includes(target.operation) && effect.applies(to: target.operation) && (stream == nil || stream == target.stream)
            && (shard.map(target.shards.contains) ?? true)
    }
}

/// The actions of a rule.
enum OperationSelector: ConfigValue, Hashable {
    case all
    case some(Set<String>)

    static let expectation = "an action such as PutRecords, a list of actions, or \"*\""

    static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> OperationSelector? {
        if node.scalar?.text == "*" { return .all }
        guard let elements = node.sequence else { return name(node, in: &context).map { .some([$0]) } }
        let names = elements.map { name($0, in: &context) }
        if names.isEmpty { context.error("invalid_value", "expected at least one action", at: node) }
        return names.isEmpty || names.contains(nil) ? nil : .some(Set(names.compactMap { $0 }))
    }

    private static func name(_ node: YAMLNode, in context: inout DecodingContext) -> String? {
        guard node.scalar != nil, !node.isNull else {
            context.mismatch(node, expected: expectation)
            return nil
        }
        guard let name = String.decode(node, in: &context) else { return nil }
        guard Operations.byName[name] == nil else { return name }
        context.error(
            "unknown_operation", "unknown action \(context.description(of: node))", at: node,
            hint: Suggestion.nearest(to: name, among: Operations.byName.keys.sorted()).map { "did you mean `\($0)`?" })
        return nil
    }

    var names: Set<String> {
        switch self {
        case .all: Set(Operations.byName.keys)
        case .some(let names): names
        }
    }

    var text: String {
        switch self {
        case .all: "any action"
        case .some(let names): names.sorted().joined(separator: ", ")
        }
    }

    func includes(_ name: String) -> Bool {
        switch self {
        case .all: true
        case .some(let names): names.contains(name)
        }
    }
}
