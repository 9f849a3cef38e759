import Metrics

/// What is told of leases: every change of an owner, and how many are held.
struct LeaseMetrics: Sendable {
    /// Leases that were free and are now held here.
    let acquired: Counter
    /// Leases that were taken with their tokens: from an owner that did not hand over in time, or from this worker's own lost request.
    let stolen: Counter
    /// Leases that others have taken, or that could not be renewed in time.
    let lost: Counter
    /// Leases that were given to workers that asked for them.
    let handedOver: Counter
    /// Shards that were read to their ends.
    let finished: Counter
    /// Leases that are held now.
    let held: Gauge

    init(dimensions: [(String, String)]) {
        acquired = Counter(label: "kinesis_agent_leases_acquired_total", dimensions: dimensions)
        stolen = Counter(label: "kinesis_agent_leases_stolen_total", dimensions: dimensions)
        lost = Counter(label: "kinesis_agent_leases_lost_total", dimensions: dimensions)
        handedOver = Counter(label: "kinesis_agent_leases_handed_over_total", dimensions: dimensions)
        finished = Counter(label: "kinesis_agent_leases_finished_total", dimensions: dimensions)
        held = Gauge(label: "kinesis_agent_leases_held", dimensions: dimensions)
    }
}
