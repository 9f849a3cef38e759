/// AWS: Kinesis API Reference, StartStreamEncryption.
enum StartStreamEncryption: Operation {
    static let name = "StartStreamEncryption"
    static let input: [Member] = [
        .streamName, Member("EncryptionType", .choice(["NONE", "KMS"]), required: true),
        Member("KeyId", .string(length: 1...2_048), required: true), .streamARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        guard input.required("EncryptionType") == "KMS" else {
            throw ServiceError.invalidArgument("EncryptionType must be KMS to start encryption.")
        }
        return try await engine.update { (streams, now) throws(ServiceError) in
            let name = try input.streamName(in: streams)
            return (nil, try streams.setEncryption(key: input.required("KeyId"), of: name, at: now))
        }
    }
}
