public import Coordination
public import Logging
public import Records

/// Leases and positions in Redis, shared by workers on any number of machines.
///
/// A failover may promote a replica that lacks the last writes. Tokens are taken from the server's clock, so that what was lost is never
/// given out again: a lease that only the lost writes knew of is refused everything.
public final class RedisStore: CheckpointStore {
    let servers: any RedisServers
    private let configuration: RedisConfiguration
    /// By script name; missing where the server would not load a script, which is then sent in full.
    private let digests: [String: [UInt8]]

    /// Connects and loads the scripts. Throws where the URL cannot be read, or the server cannot be reached or refuses us.
    public static func open(_ configuration: RedisConfiguration, logger: Logger) async throws(Failure) -> RedisStore {
        var scripts = RedisScript.all
        if case .asyncKinesis = configuration.layout {
            scripts += RedisScript.asyncKinesis
            guard AsyncKinesisKeys.isUsable(group: configuration.group) else {
                throw Failure("redis_name_invalid", "a group in the layout of async-kinesis cannot have braces in its name")
            }
        }
        let servers = try await connect(configuration, logger: logger)
        do {
            let digests = try await load(scripts, into: servers)
            return RedisStore(servers: servers, configuration: configuration, digests: digests)
        } catch {
            await servers.close()
            throw error
        }
    }

    private static func connect(_ configuration: RedisConfiguration, logger: Logger) async throws(Failure) -> any RedisServers {
        var endpoints: [RedisEndpoint] = []
        for url in configuration.urls { endpoints.append(try RedisEndpoint(url: url)) }
        guard let first = endpoints.first else { throw Failure("redis_url_invalid", "no Redis URL is given") }
        guard endpoints.allSatisfy({ $0.usesTLS == first.usesTLS }) else {
            throw Failure("redis_url_invalid", "some of the Redis URLs are redis://, others rediss://")
        }
        let tls = try first.usesTLS ? RedisTLS.context(configuration) : nil
        let timeout = configuration.commandTimeout
        guard configuration.isCluster else {
            return await SingleRedis(endpoints, tls: tls, timeout: timeout, logger: logger)
        }
        return try await RedisCluster(endpoints, tls: tls, timeout: timeout, logger: logger)
    }

    /// The servers of a cluster that are not asked learn a script when it is first sent to them in full.
    private static func load(_ scripts: [RedisScript], into servers: any RedisServers) async throws(Failure) -> [String: [UInt8]] {
        var digests: [String: [UInt8]] = [:]
        for script in scripts {
            let command = ["SCRIPT", "LOAD", script.source].map { Array($0.utf8) }
            if case .string(let digest) = try await servers.call(command, key: nil, isIdempotent: true) { digests[script.name] = digest }
        }
        return digests
    }

    private init(servers: any RedisServers, configuration: RedisConfiguration, digests: [String: [UInt8]]) {
        self.servers = servers
        self.configuration = configuration
        self.digests = digests
    }

    /// The rows of one source, under keys of the group and the scope.
    public func table(_ scope: String) -> any LeaseTable {
        let keys = RedisKeys(group: configuration.group, scope: scope)
        let fenced = RedisLeaseTable(store: self, keys: keys)
        guard case .asyncKinesis(let sessionTimeout) = configuration.layout else { return fenced }
        return AsyncKinesisTable(fenced: fenced, group: configuration.group, sessionTimeout: sessionTimeout)
    }

    /// Those that have been started.
    public func scopes() async throws -> [String] {
        let reply = try await run(["SMEMBERS", RedisKeys.scopes(group: configuration.group)], isIdempotent: true)
        return (reply.elements ?? []).compactMap(\.text).sorted()
    }

    /// Ends the connection; calls in flight fail with an error that says what is known of them.
    public func close() async {
        await servers.close()
    }

    /// Runs a script by its digest, and in full where the server has forgotten it. All keys must be in the slot of the first.
    func run(_ script: RedisScript, keys: [String], _ arguments: [String], isIdempotent: Bool) async throws(Failure) -> RESPValue {
        let rest = ([String(keys.count)] + keys + arguments).map { Array($0.utf8) }
        if let digest = digests[script.name] {
            let reply = try await servers.call([Array("EVALSHA".utf8), digest] + rest, key: keys[0], isIdempotent: isIdempotent)
            guard case .error(let error) = reply, error.code == "NOSCRIPT" else { return try answer(reply) }
        }
        let command = [Array("EVAL".utf8), Array(script.source.utf8)] + rest
        return try answer(await servers.call(command, key: keys[0], isIdempotent: isIdempotent))
    }

    /// A command whose second word is its key.
    func run(_ command: [String], isIdempotent: Bool) async throws(Failure) -> RESPValue {
        try answer(await servers.call(command.map { Array($0.utf8) }, key: command[1], isIdempotent: isIdempotent))
    }

    /// A reply of a shape that the script does not give.
    func unreadable(_ what: String) -> Failure {
        .checkpointsUnreadable("\(what) at \(servers.endpoint.address)")
    }

    private func answer(_ reply: RESPValue) throws(Failure) -> RESPValue {
        guard case .error(let error) = reply else { return reply }
        throw Failure.redis(error, servers.endpoint)
    }
}
