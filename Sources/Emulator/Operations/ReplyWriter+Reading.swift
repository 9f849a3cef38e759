/// What GetRecords and the events of SubscribeToShard have in common.
extension ReplyWriter {
    /// AWS: RecordList.
    mutating func records(_ reading: ShardReading) {
        member("Records") { reply in
            reply.array(of: reading.records) { reply, record in
                reply.object { reply in
                    reply.member("SequenceNumber", sequence: record.counter, in: reading.sequences)
                    reply.member("ApproximateArrivalTimestamp", timestamp: record.arrivedAt)
                    reply.member("Data", blob: record.data)
                    reply.member("PartitionKey", record.partitionKey)
                    reply.member("EncryptionType", reading.encryptionType)
                }
            }
        }
    }

    /// AWS: ChildShardList; nothing but at a shard's end.
    mutating func children(_ reading: ShardReading) {
        guard !reading.children.isEmpty else { return }
        member("ChildShards") { reply in
            reply.array(of: reading.children) { reply, shard in
                reply.object { reply in
                    reply.member("ShardId", shard.id)
                    reply.member("ParentShards") { reply in
                        reply.array(of: [shard.parentIndex, shard.adjacentParentIndex].compactMap { $0 }) { $0.string(ShardState.id($1)) }
                    }
                    reply.member("HashKeyRange") { $0.hashKeyRange(shard.hashRange) }
                }
            }
        }
    }
}

extension ShardReading {
    /// About the bytes that it takes as a reply.
    var replyCapacity: Int { 512 + records.reduce(0) { $0 + $1.byteCount * 4 / 3 + 240 } }
}
