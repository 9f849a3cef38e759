import Records

/// An action of the Kinesis API, whatever shape its reply has.
protocol ServiceOperation: Sendable {
    /// As `X-Amz-Target` names it.
    static var name: String { get }
    static var input: [Member] { get }
}

/// An action that answers with one body.
protocol Operation: ServiceOperation {
    /// Answers the body of the reply; nil for none. Throws `ServiceError`.
    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter?
}

/// All actions that the server knows.
enum Operations {
    static let all: [any ServiceOperation.Type] = [
        AddTagsToStream.self, CreateStream.self, DecreaseStreamRetentionPeriod.self, DeleteResourcePolicy.self, DeleteStream.self,
        DeregisterStreamConsumer.self, DescribeLimits.self, DescribeStream.self, DescribeStreamConsumer.self, DescribeStreamSummary.self,
        DisableEnhancedMonitoring.self, EnableEnhancedMonitoring.self, GetRecords.self, GetResourcePolicy.self, GetShardIterator.self,
        IncreaseStreamRetentionPeriod.self, ListShards.self, ListStreamConsumers.self, ListStreams.self, ListTagsForResource.self,
        ListTagsForStream.self, MergeShards.self, PutRecord.self, PutRecords.self, PutResourcePolicy.self, RegisterStreamConsumer.self,
        RemoveTagsFromStream.self, SplitShard.self, StartStreamEncryption.self, StopStreamEncryption.self, SubscribeToShard.self,
        TagResource.self,
        UntagResource.self, UpdateMaxRecordSize.self, UpdateShardCount.self, UpdateStreamMode.self, UpdateStreamWarmThroughput.self,
    ]

    static let byName: [String: any ServiceOperation.Type] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
