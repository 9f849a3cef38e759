import DequeModule
import Expressions
public import Pipeline
public import Records
import Synchronization

/// `dedupe: {key: record.id, window: 10m}`
public final class DedupeStep: Step {
    /// What makes two records the same, and for how long.
    public struct Config: ComponentConfig {
        var key: ConfigExpression?
        var window = Duration.seconds(300)
        var maxKeys = 100_000

        /// The defaults.
        public init() {}

        /// The options.
        public static let fields: [Field<Self>] = [
            Field("key", \.key, required: true, "Records with the same value are the same: `record.id`, or `[record.host, record.id]`."),
            Field("window", \.window, "A record is dropped when one with its key went on within this time before it."),
            Field(
                "max_keys", \.maxKeys,
                "Keys to remember, over all shards; beyond that the oldest are forgotten. A key takes about 100 bytes."),
        ]

        /// Something has to be remembered for some time.
        public func validate(_ node: YAMLNode, in context: inout DecodingContext) {
            if let option = node["window"], window <= .zero {
                context.error("invalid_value", "`window` is longer than nothing", at: option)
            }
            if let option = node["max_keys"], !(1...10_000_000).contains(maxKeys) {
                context.error("invalid_value", "`max_keys` is 1 to 10000000", at: option)
            }
        }
    }

    /// The key in a pipeline file.
    public static let kind = "dedupe"
    /// One sentence for docs.
    public static let summary =
        "Drops records whose key went by a moment ago. What went by is remembered by the process, over all shards: best effort across restarts."
    /// For docs.
    public static let example = "dedupe: {key: record.id, window: 10m}"

    /// 128 bits of a key, seeded for this process: no key can be made to look like another.
    private struct Fingerprint: Hashable {
        let first: Int
        let second: Int

        init(_ bytes: [UInt8]) {
            first = bytes.hashValue
            var hasher = Hasher()
            hasher.combine(1)
            hasher.combine(bytes)
            second = hasher.finalize()
        }
    }

    private struct Sight {
        let time: MonotonicTime
        /// Of the record that went on. Read again, after a failure or a change of the shard's owner, it is no duplicate of itself.
        let identity: UInt64
    }

    private struct State {
        var sights: [Fingerprint: Sight] = [:]
        /// In the order in which they were first seen.
        var order: Deque<(key: Fingerprint, time: MonotonicTime)> = []
    }

    private let key: ConfigExpression?
    private let window: Duration
    private let maxKeys: Int
    private let state = Mutex(State())

    /// A step that remembers nothing yet.
    public init(_ config: Config, context: StepContext) {
        key = config.key
        window = config.window
        maxKeys = config.maxKeys
    }

    /// Throws where the key's expression fails.
    public func apply(_ record: inout Record, at now: MonotonicTime) throws(StepFailure) -> StepOutcome {
        guard let key else { return .keep }
        let fingerprint = Fingerprint(try key.keyBytes(of: record))
        let identity = record.identity
        return state.withLock { state in
            if let sight = state.sights[fingerprint], now - sight.time < window {
                return sight.identity == identity ? .keep : .drop
            }
            state.sights[fingerprint] = Sight(time: now, identity: identity)
            state.order.append((fingerprint, now))
            forget(&state, at: now)
            return .keep
        }
    }

    /// Takes out what is too old, and the oldest where there is too much.
    private func forget(_ state: inout State, at now: MonotonicTime) {
        while let oldest = state.order.first, state.order.count > maxKeys || now - oldest.time >= window {
            state.order.removeFirst()
            // A key that was seen again after its window has a newer entry behind this one.
            if state.sights[oldest.key]?.time == oldest.time { state.sights[oldest.key] = nil }
        }
    }
}
