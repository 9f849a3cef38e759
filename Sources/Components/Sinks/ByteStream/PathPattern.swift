import Pipeline

/// A path with strftime(3) conversions for the moment at which a record arrived, in UTC.
struct PathPattern: Sendable {
    private let pattern: String
    /// It is the same for all records.
    let isFixed: Bool

    /// The conversions whose result is part of a name and no more exact than a second: no locale, no time zone.
    static let conversions = "YmdHMSjyFuVGs%"

    init(_ pattern: String) {
        self.pattern = pattern
        isFixed = !pattern.contains("%")
    }

    /// - Parameter arrivedAt: milliseconds since 1970; now where the source does not know.
    func path(arrivedAt: Int64?) -> String {
        if isFixed { return pattern }
        return (arrivedAt.map { UTCTime(milliseconds: $0) } ?? .now()).formatted(pattern)
    }

    static func check(_ pattern: String, _ node: YAMLNode, in context: inout DecodingContext) {
        if pattern.isEmpty || pattern.hasSuffix("/") {
            context.error("invalid_value", "`path` names no file", at: node)
        }
        if pattern.contains("{") {
            context.error(
                "unsupported_path", "expressions in `path` are not supported", at: node,
                hint: "use strftime conversions such as %Y-%m-%d, or a `filter` and a sink for each file")
        }
        var rest = pattern[...]
        while let percent = rest.firstIndex(of: "%") {
            let conversion = rest[percent...].dropFirst().first
            guard let conversion, conversions.contains(conversion) else {
                let found = conversion.map { "`%\($0)`" } ?? "a `%` at the end"
                context.error(
                    "invalid_value", "`path` has \(found), which is no conversion that it knows", at: node,
                    hint: "known are \(conversions.map { "%\($0)" }.joined(separator: " "))")
                return
            }
            rest = rest[percent...].dropFirst(2)
        }
    }
}
