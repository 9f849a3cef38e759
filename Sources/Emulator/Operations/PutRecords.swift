import Records

/// AWS: Kinesis API Reference, PutRecords.
enum PutRecords: Operation {
    static let name = "PutRecords"
    static let input: [Member] = [
        Member("Records", .list(of: .structure(PutEntry.members), count: 1...500), required: true), .streamName, .streamARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        var entries: [PutEntry] = []
        var bytes = 0
        for case .map(let members) in input.list("Records") {
            let entry = try PutEntry(Input(checked: members, format: input.format))
            bytes += entry.byteCount
            entries.append(entry)
        }
        guard bytes <= Limits.bytesPerPut else { throw ServiceError.invalidArgument("Records size exceeds 10 MB limit") }
        let outcome = try await engine.put(entries, into: input)
        let failed = outcome.entries.count { if case .refused = $0 { true } else { false } }
        var reply = input.reply(capacity: 64 + outcome.entries.count * 160)
        reply.object { reply in
            reply.member("FailedRecordCount", failed)
            reply.member("Records") { reply in
                reply.array(of: outcome.entries) { reply, entry in
                    reply.object { reply in
                        switch entry {
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
            reply.member("EncryptionType", outcome.encryptionType)
        }
        return reply
    }
}
