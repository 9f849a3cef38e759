/// How often an action may be called (AWS: Kinesis Data Streams Developer Guide, "Quotas and limits", "KDS control plane API limits" and
/// "KDS data plane API limits"). Calls beyond it fail with LimitExceededException.
struct CallRate: Sendable, Hashable {
    /// What the calls of one bucket have in common.
    enum Scope: Sendable, Hashable {
        case account
        case stream
    }

    /// Calls that can be saved up.
    var calls: Double
    /// The time in which those are earned.
    var seconds: Double
    var scope: Scope

    private static func perSecond(_ calls: Double, per scope: Scope) -> CallRate { CallRate(calls: calls, seconds: 1, scope: scope) }
    private static func perDay(_ calls: Double, per scope: Scope) -> CallRate { CallRate(calls: calls, seconds: 86_400, scope: scope) }

    /// By action. GetRecords, GetShardIterator, SubscribeToShard and the puts are limited by shard.
    static let byOperation: [String: CallRate] = [
        "AddTagsToStream": perSecond(5, per: .account),
        "CreateStream": perSecond(5, per: .account),
        "DecreaseStreamRetentionPeriod": perSecond(5, per: .stream),
        "DeleteResourcePolicy": perSecond(5, per: .account),
        "DeleteStream": perSecond(5, per: .account),
        "DeregisterStreamConsumer": perSecond(5, per: .stream),
        "DescribeAccountSettings": perSecond(5, per: .account),
        "DescribeLimits": perSecond(1, per: .account),
        "DescribeStream": perSecond(10, per: .account),
        "DescribeStreamConsumer": perSecond(20, per: .stream),
        "DescribeStreamSummary": perSecond(20, per: .account),
        "DisableEnhancedMonitoring": perSecond(5, per: .stream),
        "EnableEnhancedMonitoring": perSecond(5, per: .stream),
        "GetResourcePolicy": perSecond(5, per: .account),
        "IncreaseStreamRetentionPeriod": perSecond(5, per: .stream),
        "ListShards": perSecond(1_000, per: .stream),
        "ListStreamConsumers": perSecond(5, per: .stream),
        "ListStreams": perSecond(5, per: .account),
        "ListTagsForResource": perSecond(5, per: .stream),
        "ListTagsForStream": perSecond(5, per: .stream),
        "MergeShards": perSecond(5, per: .stream),
        "PutResourcePolicy": perSecond(5, per: .account),
        "RegisterStreamConsumer": perSecond(5, per: .stream),
        "RemoveTagsFromStream": perSecond(5, per: .stream),
        "SplitShard": perSecond(5, per: .stream),
        "StartStreamEncryption": perDay(25, per: .account),
        "StopStreamEncryption": perDay(25, per: .account),
        "TagResource": perSecond(5, per: .account),
        "UntagResource": perSecond(5, per: .account),
        "UpdateShardCount": perDay(10, per: .stream),
        "UpdateStreamMode": perDay(2, per: .stream),
    ]
}
