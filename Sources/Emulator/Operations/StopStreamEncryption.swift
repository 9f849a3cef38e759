/// AWS: Kinesis API Reference, StopStreamEncryption.
enum StopStreamEncryption: Operation {
    static let name = "StopStreamEncryption"
    static let input: [Member] = [
        .streamName, Member("EncryptionType", .choice(["NONE", "KMS"]), required: true),
        Member("KeyId", .string(length: 1...2_048), required: true), .streamARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        guard input.required("EncryptionType") == "KMS" else {
            throw ServiceError.invalidArgument("EncryptionType must be KMS, the only one that can be stopped.")
        }
        return try await engine.update { (streams, now) throws(ServiceError) in
            let name = try input.streamName(in: streams)
            return (nil, try streams.setEncryption(key: nil, of: name, at: now))
        }
    }
}
