/// AWS: Kinesis API Reference, UpdateMaxRecordSize.
enum UpdateMaxRecordSize: Operation {
    static let name = "UpdateMaxRecordSize"
    static let input: [Member] = [
        .streamARN, .streamID, .recordKibibytes.required,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try await engine.update { (streams, now) throws(ServiceError) in
            let name = try input.streamName(in: streams)
            return (
                nil, try streams.setRecordSize(kibibytes: input.integer("MaxRecordSizeInKiB") ?? Limits.recordKibibytes, of: name, at: now)
            )
        }
    }
}
