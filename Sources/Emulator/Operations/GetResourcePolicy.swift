/// AWS: Kinesis API Reference, GetResourcePolicy.
enum GetResourcePolicy: Operation {
    static let name = "GetResourcePolicy"
    static let input: [Member] = [
        .resourceARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try engine.read { (streams, now) throws(ServiceError) in
            guard let policy = try streams.policy(of: try input.resource(in: streams), at: now) else {
                throw .resourceNotFound("No resource policy found for resource ARN \(input.required("ResourceARN")).")
            }
            var reply = input.reply()
            reply.object { $0.member("Policy", policy) }
            return reply
        }
    }
}
