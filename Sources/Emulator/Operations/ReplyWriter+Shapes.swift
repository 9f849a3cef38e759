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
            reply.array(of: CollectionOfOne(())) { reply, _ in
                reply.object { $0.member("ShardLevelMetrics") { $0.array(of: EmptyCollection<Int>()) { _, _ in } } }
            }
        }
        member("EncryptionType", "NONE")
    }
}
