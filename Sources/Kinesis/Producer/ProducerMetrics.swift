import Coordination
import Metrics
import Records
import Synchronization

/// The metrics of a stream's producer, one set for each node that writes.
///
/// | name | | dimensions beside `pipeline`, `node` and `stream` |
/// |---|---|---|
/// | `kinesis_agent_producer_records_total` | Kinesis records stored | |
/// | `kinesis_agent_producer_bytes_total` | their data and partition keys | |
/// | `kinesis_agent_producer_requests_total` | PutRecords calls | `outcome`: `answered`, `failed` |
/// | `kinesis_agent_producer_request_duration_seconds` | how long each took | |
/// | `kinesis_agent_producer_retried_records_total` | records that a call did not store | `reason`: `throttled`, `refused`, `unanswered` |
/// | `kinesis_agent_producer_throttled_records_total` | refusals for a shard's limit | `shard` |
/// | `kinesis_agent_producer_pending_records` | accepted and not yet stored | |
/// | `kinesis_agent_producer_pending_bytes` | their data and partition keys | |
/// | `kinesis_agent_producer_open_shards` | shards that take records | |
/// | `kinesis_agent_producer_shard_pace_ratio` | share of the limits that is used, as learned from throttling | `shard` |
public final class ProducerMetrics: Sendable {
    /// What is shown as it is now.
    struct Gauges: Sendable {
        var pendingRecords: Int
        var pendingBytes: Int
        var openShards: Int?
        /// Of shards below their whole limits.
        var factors: [(shard: String, factor: Double)]
    }

    private let dimensions: [(String, String)]
    private let records: Counter
    private let bytes: Counter
    private let answered: Counter
    private let failed: Counter
    private let duration: Timer
    private let retriedThrottled: Counter
    private let retriedRefused: Counter
    private let retriedUnanswered: Counter
    private let pendingRecords: Gauge
    private let pendingBytes: Gauge
    private let openShards: Gauge
    /// By shard, made when a shard first throttles.
    private let shards = Mutex<[String: (throttled: Counter, pace: Gauge)]>([:])

    /// Of a node of a pipeline.
    public init(pipeline: String, node: String, stream: StreamIdentifier) {
        let dimensions = [("pipeline", pipeline), ("node", node), ("stream", stream.name)]
        self.dimensions = dimensions
        func counter(_ name: String, _ more: (String, String)...) -> Counter {
            Counter(label: "kinesis_agent_producer_\(name)_total", dimensions: dimensions + more)
        }
        func gauge(_ name: String) -> Gauge { Gauge(label: "kinesis_agent_producer_\(name)", dimensions: dimensions) }
        records = counter("records")
        bytes = counter("bytes")
        answered = counter("requests", ("outcome", "answered"))
        failed = counter("requests", ("outcome", "failed"))
        duration = Timer(label: "kinesis_agent_producer_request_duration_seconds", dimensions: dimensions)
        retriedThrottled = counter("retried_records", ("reason", "throttled"))
        retriedRefused = counter("retried_records", ("reason", "refused"))
        retriedUnanswered = counter("retried_records", ("reason", "unanswered"))
        pendingRecords = gauge("pending_records")
        pendingBytes = gauge("pending_bytes")
        openShards = gauge("open_shards")
    }

    /// - Parameter shard: the shard that owns a hash key, as far as it is known; asked for refusals alone.
    func observe<Token>(_ report: FlushReport<Token>, took time: Duration, shard: (HashKey) -> String?) {
        duration.recordNanoseconds(time.wholeNanoseconds)
        guard case .success(let results) = report.outcome else {
            failed.increment()
            retriedUnanswered.increment(by: Int64(report.entries.count))
            return
        }
        answered.increment()
        var (stored, size, throttled, refused) = (0, 0, 0, 0)
        var byShard: [String: Int] = [:]
        for (entry, result) in zip(report.entries, results) {
            if case .stored = result {
                stored += 1
                size += entry.size
            } else if result.isThrottled {
                throttled += 1
                byShard[shard(entry.hashKey) ?? "unknown", default: 0] += 1
            } else {
                refused += 1
            }
        }
        records.increment(by: Int64(stored))
        bytes.increment(by: Int64(size))
        if refused > 0 { retriedRefused.increment(by: Int64(refused)) }
        guard throttled > 0 else { return }
        retriedThrottled.increment(by: Int64(throttled))
        shards.withLock { shards in
            for (shard, count) in byShard { series(of: shard, in: &shards).throttled.increment(by: Int64(count)) }
        }
    }

    func show(_ gauges: Gauges) {
        pendingRecords.record(gauges.pendingRecords)
        pendingBytes.record(gauges.pendingBytes)
        if let count = gauges.openShards { openShards.record(count) }
        let factors = Dictionary(gauges.factors.map { ($0.shard, $0.factor) }) { first, _ in first }
        shards.withLock { shards in
            for (shard, series) in shards { series.pace.record(factors[shard] ?? 1) }
        }
    }

    private func series(
        of shard: String, in shards: inout [String: (throttled: Counter, pace: Gauge)]
    ) -> (throttled: Counter, pace: Gauge) {
        if let series = shards[shard] { return series }
        let dimensions = dimensions + [("shard", shard)]
        let series = (
            throttled: Counter(label: "kinesis_agent_producer_throttled_records_total", dimensions: dimensions),
            pace: Gauge(label: "kinesis_agent_producer_shard_pace_ratio", dimensions: dimensions)
        )
        shards[shard] = series
        return series
    }
}
