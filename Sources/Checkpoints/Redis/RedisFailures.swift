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
            Failure(
                "redis_refused", "cannot use Redis at \(endpoint.address): \(reason)",
                hint: "Check the store's options in the pipeline file")
        case .ambiguous(let reason):
            Failure(
                replyLost, "Redis at \(endpoint.address) has not answered: \(reason); the change may or may not have been applied")
        case .closed:
            Failure("redis_closed", "the connection to Redis at \(endpoint.address) was closed by this agent")
        }
    }

    static func redis(_ error: RESPError, _ endpoint: RedisEndpoint) -> Failure {
        let address = endpoint.address
        if let key = error.unreadableKey {
            return .checkpointsUnreadable("something else than a checkpoint of async-kinesis under the key \(key) at \(address)")
        }
        switch error.code {
        case "MOVED", "ASK", "CROSSSLOT":
            return Failure(
                "redis_cluster", "Redis at \(address) is a cluster: \(error.text)",
                hint: "Say `cluster: true` beside the URL, or name a server that is not in cluster mode")
        case "CLUSTERDOWN":
            return Failure("redis_cluster_down", "the Redis Cluster of \(address) does not serve all slots: \(error.text)")
        case "NOPERM":
            return Failure("redis_refused", "Redis at \(address) does not allow it: \(error.text)", hint: permissions)
        case "WRONGTYPE":
            return Failure(
                "redis_conflict", "Redis at \(address) holds something else under a key of the store: \(error.text)",
                hint: "Does another program use the same keys? Choose another `name`")
        case "OOM":
            return Failure(
                "redis_full", "Redis at \(address) has no memory left: \(error.text)", hint: "Raise its maxmemory, or give it less to keep")
        case "MISCONF", "NOREPLICAS":
            return Failure("redis_read_only", "Redis at \(address) takes no writes: \(error.text)")
        default:
            if error.text.contains("cluster support disabled") {
                return Failure(
                    "redis_not_cluster", "Redis at \(address) is not in cluster mode",
                    hint: "Leave `cluster: true` away, or name a cluster's node")
            }
            return Failure("redis_error", "Redis at \(address) answers \(error.text)")
        }
    }

    private static let permissions = """
        The user needs EVAL, EVALSHA, SCRIPT LOAD, TIME, DEL, EXISTS, the commands of hashes, sets and sorted sets, and the keys \
        ~{kinesis-agent:*; for a cluster also CLUSTER SLOTS, for `layout: async-kinesis` GET, SET and the keys ~*pyredis-*
        """
}

extension RESPError {
    /// Named by the scripts that read the values of async-kinesis.
    fileprivate var unreadableKey: String? {
        guard let mark = text.firstRange(of: "UNREADABLE ") else { return nil }
        return String(text[mark.upperBound...].prefix { $0 != " " })
    }
}
