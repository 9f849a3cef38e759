/// Where the Redis store is, and under which name it keeps its rows.
public struct RedisConfiguration: Sendable, Hashable, CustomStringConvertible {
    /// `redis://user:password@host:port/db`, or `rediss://` for TLS.
    public var url: String
    /// Workers of one group share their leases.
    public var group: String
    /// A file of PEM certificates to trust instead of the system's.
    public var caFile: String?
    /// How long a call may take in all, with the time to connect and to try again.
    public var commandTimeout: Duration

    /// A store of `group`'s rows in the Redis server at `url`.
    public init(url: String, group: String, caFile: String? = nil, commandTimeout: Duration = .seconds(5)) {
        self.url = url
        self.group = group
        self.caFile = caFile
        self.commandTimeout = commandTimeout
    }

    /// Without the URL, which may hold a password.
    public var description: String { "RedisConfiguration(group: \(group))" }
}
