import Records

/// A Redis server as its URL names it: `redis://user:password@host:port/db`, `rediss://` with TLS
/// (IANA provisional URI schemes `redis` and `rediss`).
struct RedisEndpoint: Sendable, Hashable {
    var host: String
    /// 6379 unless the URL says otherwise.
    var port: Int
    var usesTLS: Bool
    /// Without one, AUTH means the user `default`.
    var user: String?
    var password: String?
    var database: Int

    /// How messages name the server; never with the password.
    var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    init(url: String) throws(Failure) {
        guard let scheme = url.firstRange(of: "://") else { throw Self.invalid("it has no scheme") }
        switch url[..<scheme.lowerBound].lowercased() {
        case "redis": usesTLS = false
        case "rediss": usesTLS = true
        default: throw Self.invalid("its scheme is neither redis nor rediss")
        }

        var rest = url[scheme.upperBound...]
        guard !rest.contains("?"), !rest.contains("#") else {
            throw Self.invalid("it has a query or a fragment; write ? and # as %3F and %23")
        }
        // A path holds no @, whereas passwords often hold both / and @ unescaped: the last @ ends them.
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map { PercentText.decode($0) }
            user = parts[0].isEmpty ? nil : parts[0]
            password = parts.count > 1 && !parts[1].isEmpty ? parts[1] : nil
            rest = rest[rest.index(after: at)...]
        }
        guard user == nil || password != nil else { throw Self.invalid("it names a user without a password") }

        let authority = rest.prefix { $0 != "/" }
        (host, port) = try Self.hostAndPort(authority)
        let path = rest[authority.endIndex...].drop { $0 == "/" }
        guard let database = path.isEmpty ? 0 : Int(path), database >= 0 else {
            throw Self.invalid("its path is not the number of a database")
        }
        self.database = database
    }

    private static func hostAndPort(_ authority: Substring) throws(Failure) -> (String, Int) {
        var host = authority
        var port = Substring()
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw invalid("a bracket of its host is not closed") }
            host = authority[authority.index(after: authority.startIndex)..<end]
            port = authority[authority.index(after: end)...]
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            port = authority[colon...]
        }
        guard !host.isEmpty else { throw invalid("it names no host") }
        guard !port.isEmpty else { return (String(host), 6379) }
        guard port.first == ":", let number = Int(port.dropFirst()), (1...65_535).contains(number) else {
            throw invalid("its port is not a number from 1 to 65535")
        }
        return (String(host), number)
    }

    private static func invalid(_ why: String) -> Failure {
        Failure("redis_url_invalid", "the Redis URL cannot be read: \(why)", hint: "Write redis://user:password@host:port/db")
    }
}
