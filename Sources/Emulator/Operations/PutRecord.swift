import Coordination

/// AWS: Kinesis API Reference, PutRecord.
enum PutRecord: Operation {
    static let name = "PutRecord"
    static let input =
        // Numbers of a shard always grow, so that SequenceNumberForOrdering is granted whatever it says.
        .stream + PutEntry.members + [Member("SequenceNumberForOrdering", .sequenceNumber)]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        let entry = try PutEntry(input)
        let placement: Placement
        switch try await engine.put([entry], into: input)[0] {
        case .placed(let found): placement = found
        case .refused(let error): throw error
        }
        var reply = ReplyWriter()
        reply.object { reply in
            reply.member("ShardId", ShardState.id(placement.sequences.shardIndex))
            reply.member("SequenceNumber", sequence: placement.counter, in: placement.sequences)
            reply.member("EncryptionType", "NONE")
        }
        return reply
    }
}
