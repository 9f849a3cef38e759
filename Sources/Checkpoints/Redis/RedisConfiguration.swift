public import Records

/// Where the Redis store is, and under which name it keeps its rows.
public struct RedisConfiguration: Sendable, Hashable, CustomStringConvertible {
    /// How rows are laid out.
    public enum Layout: Sendable, Hashable {
        /// The agent's own: every row is one hash.
        case fenced
        /// The values of async-kinesis, beside what it does not know; its consumers and ours share the shards of a group.
        /// A lease of theirs ends when it was not renewed for the session timeout.
        case asyncKinesis(sessionTimeout: Duration)
    }

    /// `redis://user:password@host:port/db`, or `rediss://` for TLS. Of several, those of a cluster are where its topology is learned,
    /// and those of no cluster are tried in turn until one is a primary.
    public var urls: [String]
    /// Workers of one group share their leases.
    public var group: String
    /// The servers are a Redis Cluster.
    public var isCluster = false
    /// See `Layout`.
    public var layout = Layout.fenced
    /// A file of PEM certificates to trust instead of the system's.
    public var caFile: String?
    /// A file of PEM certificates with which this agent names itself, its own first.
    public var certFile: String?
    /// The private key of `certFile`, in PEM.
    public var keyFile: String?
    /// How long a call may take in all, with the time to connect and to try again.
    public var commandTimeout: Duration

    /// A store of `group`'s rows in the Redis server at `url`.
    public init(url: String, group: String, caFile: String? = nil, commandTimeout: Duration = .seconds(5)) {
        self.init(urls: [url], group: group, commandTimeout: commandTimeout)
        self.caFile = caFile
    }

    /// A store of `group`'s rows in the Redis servers at `urls`.
    public init(urls: [String], group: String, commandTimeout: Duration = .seconds(5)) {
        self.urls = urls
        self.group = group
        self.commandTimeout = commandTimeout
    }

    /// Without the URLs, which may hold passwords.
    public var description: String { "RedisConfiguration(group: \(group))" }
}

extension RedisConfiguration {
    /// The server that the variables of async-kinesis name: REDIS_HOST, REDIS_PORT, REDIS_PASSWORD and REDIS_DB, all optional.
    /// A cluster knows no databases, so that REDIS_DB means nothing to it.
    public static func url(from environment: [String: String], isCluster: Bool) -> String {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let host = value("REDIS_HOST") ?? "127.0.0.1"
        let password = value("REDIS_PASSWORD").map { ":\(PercentText.encode($0, "%/@:"))@" } ?? ""
        let authority = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return "redis://\(password)\(authority):\(value("REDIS_PORT") ?? "6379")/\(isCluster ? "0" : value("REDIS_DB") ?? "0")"
    }

    /// What is wrong with a URL, without any of its text; nil where nothing is.
    public static func problem(ofURL url: String, isCluster: Bool) -> Failure? {
        do throws(Failure) {
            let endpoint = try RedisEndpoint(url: url)
            guard !isCluster || endpoint.database == 0 else {
                return Failure("redis_url_invalid", "the Redis URL names database \(endpoint.database), and a cluster has number 0 alone")
            }
            return nil
        } catch {
            return error
        }
    }
}
