import Metrics

/// The metrics of `after_flush`.
struct FlushCommandMetrics: Sendable {
    /// Commands that ended with status 0.
    let succeeded: Counter
    /// Commands that ended otherwise, took too long or did not start.
    let failed: Counter
    /// Outcomes for which there was no command, since those before took too long.
    let dropped: Counter

    init(pipeline: String, node: String) {
        func counter(_ outcome: String) -> Counter {
            Counter(
                label: "kinesis_agent_after_flush_commands_total",
                dimensions: [("pipeline", pipeline), ("node", node), ("outcome", outcome)])
        }
        succeeded = counter("succeeded")
        failed = counter("failed")
        dropped = counter("dropped")
    }
}
