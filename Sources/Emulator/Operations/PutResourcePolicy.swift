import JSON
import Records

/// AWS: Kinesis API Reference, PutResourcePolicy.
enum PutResourcePolicy: Operation {
    static let name = "PutResourcePolicy"
    static let input: [Member] = [
        .resourceARN, .streamID, Member("Policy", .string(length: 0...Limits.policyLength), required: true),
    ]

    static func run(_ input: Input, on engine: StreamEngine) async throws -> ReplyWriter? {
        let policy = input.required("Policy")
        guard case .map? = try? JSON.parse(Array(policy.utf8)) else {
            throw ServiceError.invalidArgument("Policy must be a JSON object.")
        }
        return try await engine.update { (streams, now) throws(ServiceError) in
            let resource = try input.resource(in: streams)
            return (nil, try streams.setPolicy(policy, of: resource, at: now))
        }
    }
}
