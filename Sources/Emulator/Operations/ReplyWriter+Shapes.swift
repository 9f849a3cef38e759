import Coordination

/// Shapes that several operations answer.
extension ReplyWriter {
    /// AWS: Shard.
    mutating func shard(_ shard: ShardState) {
        object { reply in
            reply.member("ShardId", shard.id)
            if let parent = shard.parentIndex { reply.member("ParentShardId", ShardState.id(parent)) }
            if let adjacent = shard.adjacentParentIndex { reply.member("AdjacentParentShardId", ShardState.id(adjacent)) }
            reply.member("HashKeyRange") { $0.hashKeyRange(shard.hashRange) }
            reply.member("SequenceNumberRange") { reply in
                reply.object { reply in
                    reply.member("StartingSequenceNumber", sequence: 0, in: shard.sequences)
                    if let closure = shard.closure {
                        reply.member("EndingSequenceNumber", sequence: closure.endingCounter, in: shard.sequences)
                    }
                }
            }
        }
    }

    mutating func hashKeyRange(_ range: HashRange) {
        object { reply in
            reply.member("StartingHashKey", String(range.start))
            reply.member("EndingHashKey", String(range.end))
        }
    }

    /// The members that StreamDescription, StreamDescriptionSummary and StreamSummary share.
    mutating func streamHeader(_ stream: StreamState, arn: String, status: StreamStatus) {
        member("StreamName", stream.name)
        member("StreamARN", arn)
        member("StreamStatus", status.rawValue)
        member("StreamModeDetails") { reply in reply.object { $0.member("StreamMode", stream.mode.rawValue) } }
        member("StreamCreationTimestamp", timestamp: stream.createdAt)
    }

    /// The members that StreamDescription and StreamDescriptionSummary share beyond those.
    mutating func streamSettings(_ stream: StreamState) {
        member("RetentionPeriodHours", stream.retentionHours)
        member("EnhancedMonitoring") { reply in
            reply.array(of: CollectionOfOne(ShardMetric.sorted(stream.settings.metrics))) { reply, metrics in
                reply.object { $0.member("ShardLevelMetrics", metrics) }
            }
        }
        member("EncryptionType", stream.settings.encryptionType)
        if let key = stream.settings.encryptionKey { member("KeyId", key) }
    }

    /// AWS: WarmThroughputObject; a change is done when the stream is active again, and nothing here depends on it.
    mutating func warmThroughput(_ throughput: Int) {
        object { reply in
            reply.member("TargetMiBps", throughput)
            reply.member("CurrentMiBps", throughput)
        }
    }

    /// AWS: TagList, in the order of the keys.
    mutating func tags(_ tags: some Sequence<(key: String, value: String)>) {
        array(of: tags) { reply, tag in
            reply.object { reply in
                reply.member("Key", tag.key)
                reply.member("Value", tag.value)
            }
        }
    }

    /// The members that Consumer and ConsumerDescription share.
    mutating func consumer(_ consumer: ConsumerState, streamARN: String, status: ConsumerStatus) {
        member("ConsumerName", consumer.name)
        member("ConsumerARN", consumer.arn(ofStream: streamARN))
        member("ConsumerStatus", status.rawValue)
        member("ConsumerCreationTimestamp", timestamp: consumer.createdAt)
    }

    /// AWS: EnhancedMonitoringOutput.
    mutating func enhancedMonitoring(_ name: String, arn: String, current: Set<ShardMetric>, desired: Set<ShardMetric>) {
        object { reply in
            reply.member("StreamName", name)
            reply.member("CurrentShardLevelMetrics", ShardMetric.sorted(current))
            reply.member("DesiredShardLevelMetrics", ShardMetric.sorted(desired))
            reply.member("StreamARN", arn)
        }
    }
}
