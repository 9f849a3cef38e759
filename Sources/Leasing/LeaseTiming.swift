/// The rhythm in which leases are kept. The defaults of the first two are those of async-kinesis.
public struct LeaseTiming: Sendable {
    /// How long a lease lives without a heartbeat.
    public var sessionTimeout = Duration.seconds(60)
    public var heartbeatFrequency = Duration.seconds(15)
    /// How often positions that moved are stored: what a crash repeats is at most this much.
    public var checkpointInterval = Duration.seconds(1)

    public init() {}
}
