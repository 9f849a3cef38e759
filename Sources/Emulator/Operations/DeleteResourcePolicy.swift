/// AWS: Kinesis API Reference, DeleteResourcePolicy.
enum DeleteResourcePolicy: Operation {
    static let name = "DeleteResourcePolicy"
    static let input: [Member] = [
        .resourceARN, .streamID,
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        try await engine.update { (streams, now) throws(ServiceError) in
            let resource = try input.resource(in: streams)
            guard try streams.policy(of: resource, at: now) != nil else {
                throw .resourceNotFound("No resource policy found for resource ARN \(input.required("ResourceARN")).")
            }
            return (nil, try streams.setPolicy(nil, of: resource, at: now))
        }
    }
}
