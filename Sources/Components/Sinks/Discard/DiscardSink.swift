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

    func write(_ batch: SinkBatch) { batch.delivery.acknowledge(batch.records.count) }

    func run() {}
    func finish() {}
}
