import Records

extension Failure {
    /// Says of a call that it may or may not have been applied.
    static let replyLost = "redis_reply_lost"

    static func redis(_ failure: LinkFailure, _ endpoint: RedisEndpoint) -> Failure {
        switch failure {
        case .unreachable(let reason):
            Failure(
                "redis_unreachable", "cannot reach Redis at \(endpoint.address): \(reason)",
                hint: "Does it run, and do host, port and redis:// or rediss:// match?")
        case .refused(let reason):
            Failure("redis_refused", "cannot use Redis at \(endpoint.address): \(reason)", hint: "Check the Redis URL")
        case .ambiguous(let reason):
            Failure(
                replyLost, "Redis at \(endpoint.address) has not answered: \(reason); the change may or may not have been applied")
        case .closed:
            Failure("redis_closed", "the connection to Redis at \(endpoint.address) was closed by this agent")
        }
    }

    static func redis(_ error: RESPError, _ endpoint: RedisEndpoint) -> Failure {
        switch error.code {
        case "MOVED", "ASK", "CLUSTERDOWN", "CROSSSLOT":
            Failure(
                "redis_cluster", "Redis at \(endpoint.address) is a cluster: \(error.text)",
                hint: "Name a server that is not in cluster mode")
        case "NOPERM":
            Failure(
                "redis_refused", "Redis at \(endpoint.address) does not allow it: \(error.text)",
                hint: """
                    The user needs EVAL, EVALSHA, SCRIPT LOAD, TIME, DEL, EXISTS, the commands of hashes, sets and sorted sets, and the keys \
                    ~{kinesis-agent:*
                    """)
        default:
            Failure("redis_error", "Redis at \(endpoint.address) answers \(error.text)")
        }
    }
}
