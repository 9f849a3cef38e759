import Metrics

/// What is told of a consumer's stream as a whole.
struct ConsumerMetrics: Sendable {
    /// Shards that were gone before they were read to their ends: retention was shorter than the agent's absence.
    let vanished: Counter
    /// Parts of the hash space that no known shard covers: above zero for long, records are not being read.
    let holes: Gauge

    init(dimensions: [(String, String)]) {
        vanished = Counter(label: "kinesis_agent_shards_vanished_total", dimensions: dimensions)
        holes = Gauge(label: "kinesis_agent_hash_space_holes", dimensions: dimensions)
    }
}
