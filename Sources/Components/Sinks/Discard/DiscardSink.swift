public import Pipeline

/// Acknowledges everything and keeps nothing: for measuring.
public struct DiscardSink: SinkComponent {
    public struct Config: ComponentConfig {
        public init() {}
        public static let fields: [Field<Config>] = []
    }

    public static let kind = "discard"
    public static let summary = "Drops every record: for measuring."

    public static func make(_ config: Config, _ context: SinkContext) -> DiscardSink { DiscardSink() }

    public func write(_ records: [SinkRecord]) {
        for record in records { record.delivery.acknowledge() }
    }

    public func run() {}
    public func finish() {}
}
