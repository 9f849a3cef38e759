/// The rhythm in which leases are kept. The defaults of the first two are those of async-kinesis.
public struct LeaseTiming: Sendable {
    /// How long a lease lives without a heartbeat.
    public var sessionTimeout = Duration.seconds(60)
    /// How often leases are renewed, and looked for.
    public var heartbeatFrequency = Duration.seconds(15)
    /// How often positions that moved are stored: what a crash repeats is at most this much.
    public var checkpointInterval = Duration.seconds(1)

    /// The defaults.
    public init() {}

    /// How long one call of the store may take before it is given up and tried again: several fit into a session.
    var callLimit: Duration { min(sessionTimeout / 4, longestCall) }
    /// The limit of a call in a long session.
    var longestCall = Duration.seconds(5)
    /// The pause after a call that failed.
    var retryPause: Duration { min(sessionTimeout / 20, heartbeatFrequency, .seconds(1)) }
}
