import Expressions
public import Pipeline
public import Records

/// `route: {large: record.total > 1000.0, small: default}`
public struct RouteStep: Step {
    /// The routes, in their order.
    public struct Config: ConfigValue {
        /// Nil is `default`: everything.
        let routes: [(name: String, condition: Condition?)]

        /// What is accepted, for messages.
        public static var expectation: String { "a mapping of names to conditions such as {large: record.total > 1000.0, small: default}" }

        /// Free keys, a condition each.
        public static var shape: ConfigShape { .map(Condition.shape) }

        /// Every pair is read, so that every mistake is reported.
        public static func decode(_ node: YAMLNode, in context: inout DecodingContext) -> Config? {
            guard let pairs = node.mapping, !pairs.isEmpty else {
                context.mismatch(node, expected: expectation)
                return nil
            }
            let before = context.errorCount
            var routes: [(name: String, condition: Condition?)] = []
            var last: YAMLKey?
            for pair in pairs {
                let name = pair.key.text
                if name.isEmpty || !name.utf8.allSatisfy(isNameByte) {
                    context.report(
                        Diagnostic(
                            "invalid_name", "`\(name)` is no name for a route", at: pair.key.mark.location,
                            hint: "letters, digits, `_` and `-` make a name"))
                }
                let isDefault = pair.value.scalar.map { $0.style == .plain && $0.text == "default" } ?? false
                let condition = isDefault ? nil : Condition.decode(pair.value, in: &context)
                guard isDefault || condition != nil else { continue }
                let constant = isDefault ? true : condition?.expression.program.constantCondition
                if let last {
                    context.report(unreachable(name, at: pair.key, "`\(last.text)` takes all records", last))
                } else if constant == false {
                    context.report(unreachable(name, at: pair.key, "its condition never holds", nil))
                } else if constant == true {
                    last = pair.key
                }
                routes.append((name, condition))
            }
            return context.errorCount == before ? Config(routes: routes) : nil
        }

        private static func isNameByte(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }

        private static func unreachable(_ name: String, at key: YAMLKey, _ reason: String, _ other: YAMLKey?) -> Diagnostic {
            Diagnostic(
                "unreachable_route", "no record can take the route `\(name)`: \(reason)", at: key.mark.location, severity: .warning,
                hint: other == nil ? nil : "a record takes the first route whose condition holds: put this one before it",
                related: other.map { [RelatedPlace("this one", at: $0.mark.location)] } ?? [])
        }
    }

    /// The key in a pipeline file.
    public static let kind = "route"
    /// One sentence for docs.
    public static let summary =
        "Sends each record by the first route whose condition holds, `default` being everything; a record that none takes is dropped. "
        + "A node reads a route by `from: transform.route`."
    /// For docs.
    public static let example = "route: {large: record.total > 1000.0, small: default}"

    /// The names, in the order in which they are tried.
    public static func routes(_ config: Config) -> [String] { config.routes.map(\.name) }

    private let conditions: [Condition?]

    /// A step that splits so.
    public init(_ config: Config, context: StepContext) {
        conditions = config.routes.map(\.condition)
    }

    /// Throws where a condition has no answer for the record.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        for (index, condition) in conditions.enumerated() {
            guard let condition else { return .route(index) }
            if try condition.holds(for: record) { return .route(index) }
        }
        return .drop
    }

    /// By `default`, where there is one.
    public var outcomeWhenKept: StepOutcome {
        conditions.firstIndex { $0 == nil }.map { .route($0) } ?? .drop
    }
}
