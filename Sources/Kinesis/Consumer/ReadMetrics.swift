import Metrics

/// What one shard's reader tells of itself; a metric costs nothing before somebody collects it.
struct ReadMetrics: Sendable {
    private let records: Counter
    private let bytes: Counter
    private let calls: Counter
    private let throttles: Counter
    private let subscriptions: Counter
    private let age: Gauge
    private let dimensions: [(String, String)]

    /// - Parameter dimensions: Those of the consumer: pipeline, node and stream.
    init(shard: String, dimensions: [(String, String)]) {
        let dimensions = dimensions + [("shard", shard)]
        self.dimensions = dimensions
        records = Counter(label: "kinesis_agent_read_records_total", dimensions: dimensions)
        bytes = Counter(label: "kinesis_agent_read_bytes_total", dimensions: dimensions)
        calls = Counter(label: "kinesis_agent_get_records_calls_total", dimensions: dimensions)
        throttles = Counter(label: "kinesis_agent_read_throttles_total", dimensions: dimensions)
        subscriptions = Counter(label: "kinesis_agent_subscriptions_total", dimensions: dimensions)
        age = Gauge(label: "kinesis_agent_iterator_age_milliseconds", dimensions: dimensions)
    }

    func called() { calls.increment() }

    func subscribed() { subscriptions.increment() }

    /// - Parameter millisBehindLatest: As the service tells it: the age of the newest record read, 0 at the tip.
    func received(records count: Int, bytes size: Int, millisBehindLatest: Int64?) {
        if count > 0 {
            records.increment(by: count)
            bytes.increment(by: size)
        }
        if let millisBehindLatest { age.record(millisBehindLatest) }
    }

    /// Errors come by AWS's code.
    func failed(_ error: KinesisError) {
        if error.kind == .throttled { throttles.increment() }
        Counter(label: "kinesis_agent_read_errors_total", dimensions: dimensions + [("operation", error.operation), ("code", error.code)])
            .increment()
    }
}
