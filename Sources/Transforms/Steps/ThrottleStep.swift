import Expressions
public import Pipeline
public import Records
import Synchronization

/// `throttle: {records: 100, per: 1s, key: record.host}`
public final class ThrottleStep: Step {
    /// What becomes of the records beyond the limit.
    enum Excess: String, ConfigChoice {
        case drop, fail
    }

    /// How many records go on.
    public struct Config: ComponentConfig {
        var records = 0
        var per = Duration.seconds(1)
        var key: ConfigExpression?
        var excess = Excess.drop
        var maxKeys = 10_000

        /// The defaults.
        public init() {}

        /// The options.
        public static let fields: [Field<Self>] = [
            Field(
                "records", \.records, required: true,
                "So many records go on in each `per`, of each key; as many may come at once after a pause."),
            Field("per", \.per, "The time that `records` is counted over."),
            Field("key", \.key, "Each value has a limit of its own; without it, there is one for all records."),
            Field(
                "excess", \.excess,
                "`drop` loses the records beyond the limit. `fail` has `on_error` decide: a dead letter keeps them. To slow a source down without "
                    + "losing anything, set the limits of the sink instead."),
            Field("max_keys", \.maxKeys, "Keys to count, over all shards; the keys beyond share one limit until others fall silent."),
        ]

        /// A limit of nothing would be `drop: true`.
        public func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            if let option = node["records"], records < 1 { context.error("invalid_value", "`records` is 1 at least", at: option) }
            if let option = node["per"], per <= .zero { context.error("invalid_value", "`per` is longer than nothing", at: option) }
            if let option = node["max_keys"], !(1...1_000_000).contains(maxKeys) {
                context.error("invalid_value", "`max_keys` is 1 to 1000000", at: option)
            }
        }
    }

    /// The key in a pipeline file.
    public static let kind = "throttle"
    /// One sentence for docs.
    public static let summary =
        "Limits how many records go on, for each key; counted by the process over all shards, from nothing after a restart."
    /// For docs.
    public static let example = "throttle: {records: 100, per: 1s, key: record.host}"

    /// A token bucket, as the moment at which it will be full: what is taken out moves the moment on.
    private struct State {
        var fullAt: [[UInt8]: MonotonicTime] = [:]
        var othersFullAt = MonotonicTime(nanoseconds: .min)
        /// When the full buckets are next looked for.
        var nextSweep = MonotonicTime(nanoseconds: .min)
    }

    private let config: Config
    private let interval: Duration
    private let state = Mutex(State())

    /// A step that has counted nothing yet.
    public init(_ config: Config, context: StepContext) {
        self.config = config
        interval = .nanoseconds(max(1, config.per.wholeNanoseconds / Int64(max(1, config.records))))
    }

    /// Throws where the key's expression fails, and beyond the limit where `excess` is `fail`.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        let key = try config.key?.keyBytes(of: record) ?? []
        let isWithin = state.withLock { state in
            if let fullAt = state.fullAt[key] {
                return take(fullAt, at: now).map { state.fullAt[key] = $0 } != nil
            }
            if state.fullAt.count >= config.maxKeys, now >= state.nextSweep {
                state.fullAt = state.fullAt.filter { $0.value > now }
                state.nextSweep = now + config.per
            }
            guard state.fullAt.count < config.maxKeys else {
                return take(state.othersFullAt, at: now).map { state.othersFullAt = $0 } != nil
            }
            state.fullAt[key] = now + interval
            return true
        }
        if isWithin { return .keep }
        guard config.excess == .fail else { return .drop }
        throw StepFailure(
            .other(
                code: "throttled", "more than \(config.records) records in \(config.per.text)" + (config.key == nil ? "" : " of this key")))
    }

    /// When the bucket will be full after one token is taken; nil where it is empty.
    private func take(_ fullAt: MonotonicTime, at now: MonotonicTime) -> MonotonicTime? {
        let next = max(fullAt, now) + interval
        // Integer division made the interval shorter by less than a nanosecond: so many of them never exceed `per`.
        return next - now <= config.per ? next : nil
    }
}
