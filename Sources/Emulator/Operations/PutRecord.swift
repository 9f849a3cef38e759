import Coordination

/// AWS: Kinesis API Reference, PutRecord.
enum PutRecord: Operation {
    static let name = "PutRecord"
    static let input: [Member] =
        [.streamName] + PutEntry.putRecordMembers
        // Numbers of a shard always grow, so that SequenceNumberForOrdering is granted whatever it says.
        + [Member("SequenceNumberForOrdering", .sequenceNumber), .streamARN, .streamID]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        let entry = try PutEntry(input)
        let outcome = try await engine.put([entry], into: input)
        let placement: Placement
        switch outcome.entries[0] {
        case .placed(let found): placement = found
        case .refused(let error): throw error
        }
        var reply = input.reply()
        reply.object { reply in
            reply.member("ShardId", ShardState.id(placement.sequences.shardIndex))
            reply.member("SequenceNumber", sequence: placement.counter, in: placement.sequences)
            reply.member("EncryptionType", outcome.encryptionType)
        }
        return reply
    }
}
