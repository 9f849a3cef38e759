import Records

/// AWS: Kinesis API Reference, PutRecords.
enum PutRecords: Operation {
    static let name = "PutRecords"
    static let input =
        .stream + [Member("Records", .list(of: .structure(PutEntry.members), count: 1...500), required: true)]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        var entries: [PutEntry] = []
        var bytes = 0
        for case .map(let members) in input.list("Records") {
            let entry = try PutEntry(Input(checked: members))
            bytes += entry.byteCount
            entries.append(entry)
        }
        guard bytes <= Limits.bytesPerPut else { throw ServiceError.invalidArgument("Records size exceeds 10 MB limit") }
        let outcomes = try await engine.put(entries, into: input)
        let failed = outcomes.count { if case .refused = $0 { true } else { false } }
        var reply = ReplyWriter(capacity: 64 + outcomes.count * 160)
        reply.object { reply in
            reply.member("FailedRecordCount", failed)
            reply.member("Records") { reply in
                reply.array(of: outcomes) { reply, outcome in
                    reply.object { reply in
                        switch outcome {
                        case .placed(let placement):
                            reply.member("SequenceNumber", sequence: placement.counter, in: placement.sequences)
                            reply.member("ShardId", ShardState.id(placement.sequences.shardIndex))
                        case .refused(let error):
                            reply.member("ErrorCode", error.code)
                            reply.member("ErrorMessage", error.message)
                        }
                    }
                }
            }
            reply.member("EncryptionType", "NONE")
        }
        return reply
    }
}
