/// Reading by enhanced fan-out: the service pushes each shard's records to a registered consumer.
public struct FanOut: Sendable, Hashable {
    /// Registered, ACTIVE, and of this group alone: a subscription takes over that of another reader of the same name.
    public var consumer: StreamConsumer
    /// A shard that cannot be subscribed to is read by polling, after a warning; otherwise it is an error.
    public var fallsBackToPolling: Bool

    /// See the properties.
    public init(consumer: StreamConsumer, fallsBackToPolling: Bool) {
        self.consumer = consumer
        self.fallsBackToPolling = fallsBackToPolling
    }
}
