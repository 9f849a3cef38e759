import Pipeline

/// Acknowledges everything and keeps nothing: for measuring.
struct DiscardSink: SinkComponent {
    struct Config: ComponentConfig {
        init() {}
        static let fields: [Field<Config>] = []
    }

    static let kind = "discard"
    static let summary = "Drops every record: for measuring."

    static func make(_ config: Config, _ context: SinkContext) -> DiscardSink { DiscardSink() }

    func write(_ records: [SinkRecord]) {
        for record in records { record.delivery.acknowledge() }
    }

    func run() {}
    func finish() {}
}
