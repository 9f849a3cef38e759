import Expressions
public import Pipeline
public import Records

/// `sample: {rate: 0.1, key: record.user}`
public struct SampleStep: Step {
    /// How many records go on, and which stay together.
    public struct Config: ComponentConfig {
        var rate: Double?
        var oneIn: Int?
        var key: ConfigExpression?

        /// The defaults.
        public init() {}

        /// The options.
        public static let fields: [Field<Self>] = [
            Field("rate", \.rate, "The share of the records that goes on: 0 to 1."),
            Field("one_in", \.oneIn, "One in so many records goes on, on average; in `rate`'s stead."),
            Field(
                "key", \.key,
                "All records of one key go on, or none of them. Without a key, a record's place in its source decides: read again, it meets the "
                    + "same fate."),
        ]

        /// One of the two, in its range.
        public func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            if let option = node["rate"], let rate, rate < 0 || rate > 1 {
                context.error("invalid_value", "`rate` is 0 to 1", at: option, hint: rate > 1 && rate <= 100 ? "write \(rate / 100)" : nil)
            }
            if let option = node["one_in"], let oneIn, oneIn < 1 { context.error("invalid_value", "`one_in` is 1 at least", at: option) }
            switch (rate, oneIn) {
            case (nil, nil):
                context.report(
                    Diagnostic("missing_key", "`rate` or `one_in` is required", at: context.place(ofMissing: node), hint: "rate: 0.1"))
            case (_?, _?): context.error("conflicting_keys", "`rate` and `one_in` say the same thing", at: node["one_in"] ?? node)
            default: break
            }
        }
    }

    /// The key in a pipeline file.
    public static let kind = "sample"
    /// One sentence for docs.
    public static let summary =
        "Lets a share of the records pass, chosen by a hash: the same ones in every process and after every restart."
    /// For docs.
    public static let example = "sample: {one_in: 10, key: record.user}"

    /// Hashes below it go on; nil where all do.
    private let threshold: UInt64?
    private let key: ConfigExpression?

    /// A step that lets this share pass.
    public init(_ config: Config, context: StepContext) {
        let rate = config.rate ?? 1 / Double(config.oneIn ?? 1)
        threshold = rate >= 1 ? nil : UInt64(max(0, rate) * 0x1p64)
        key = config.key
    }

    /// Throws where the key's expression fails.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        let hash: UInt64
        if let key {
            var stable = StableHash()
            stable.combine(try key.keyBytes(of: record))
            hash = stable.value
        } else {
            hash = record.identity
        }
        guard let threshold else { return .keep }
        return hash < threshold ? .keep : .drop
    }
}
