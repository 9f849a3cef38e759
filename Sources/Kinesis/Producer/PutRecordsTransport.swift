public import Coordination

/// The calls that a producer makes: the service's, or a test's.
public protocol PutRecordsTransport: Sendable {
    /// One attempt to put up to 500 records; one result an entry, in their order.
    func putRecords(_ stream: StreamIdentifier, _ entries: [PutEntry]) async throws(KinesisError) -> [PutResult]
    /// The shards that take records now; closed ones among them do no harm.
    func openShards(_ stream: StreamIdentifier) async throws(KinesisError) -> [Shard]
}
