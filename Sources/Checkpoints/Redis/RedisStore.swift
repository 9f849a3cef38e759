public import Coordination
public import Logging
import NIOSSL
public import Records

/// Leases and positions in Redis, shared by workers on any number of machines.
///
/// A failover may promote a replica that lacks the last writes. Tokens are taken from the server's clock, so that what was lost is never
/// given out again: a lease that only the lost writes knew of is refused everything.
public final class RedisStore: CheckpointStore {
    private let link: RedisLink
    private let endpoint: RedisEndpoint
    private let group: String
    /// By script name; missing where the server would not load a script, which is then sent in full.
    private let digests: [String: [UInt8]]

    /// Connects and loads the scripts. Throws where the URL cannot be read, or the server cannot be reached or refuses us.
    public static func open(_ configuration: RedisConfiguration, logger: Logger) async throws(Failure) -> RedisStore {
        let endpoint = try RedisEndpoint(url: configuration.url)
        let link: RedisLink
        do {
            let tls = try endpoint.usesTLS ? tlsContext(caFile: configuration.caFile) : nil
            link = try await RedisLink.make(endpoint, tls: tls, timeout: configuration.commandTimeout, logger: logger)
        } catch {
            let file = configuration.caFile.map { " from \($0)" } ?? ""
            throw Failure("redis_tls_invalid", "cannot read the certificates to trust\(file): \(error)")
        }
        do {
            let digests = try await load(RedisScript.all, over: link)
            return RedisStore(link: link, endpoint: endpoint, group: configuration.group, digests: digests)
        } catch {
            await link.close()
            throw Failure.redis(error, endpoint)
        }
    }

    private static func load(_ scripts: [RedisScript], over link: RedisLink) async throws(LinkFailure) -> [String: [UInt8]] {
        var digests: [String: [UInt8]] = [:]
        for script in scripts {
            let command = ["SCRIPT", "LOAD", script.source].map { Array($0.utf8) }
            if case .string(let digest) = try await link.call(command, isIdempotent: true) { digests[script.name] = digest }
        }
        return digests
    }

    private init(link: RedisLink, endpoint: RedisEndpoint, group: String, digests: [String: [UInt8]]) {
        self.link = link
        self.endpoint = endpoint
        self.group = group
        self.digests = digests
    }

    /// The rows of one source, under keys of the group and the scope.
    public func table(_ scope: String) -> any LeaseTable {
        RedisLeaseTable(store: self, keys: RedisKeys(group: group, scope: scope))
    }

    /// Those that have been started.
    public func scopes() async throws -> [String] {
        let reply = try await run(["SMEMBERS", RedisKeys.scopes(group: group)], isIdempotent: true)
        return (reply.elements ?? []).compactMap(\.text).sorted()
    }

    /// Ends the connection; calls in flight fail with an error that says what is known of them.
    public func close() async {
        await link.close()
    }

    private static func tlsContext(caFile: String?) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let caFile { configuration.trustRoots = .file(caFile) }
        return try NIOSSLContext(configuration: configuration)
    }

    /// Runs a script by its digest, and in full where the server has forgotten it.
    func run(_ script: RedisScript, keys: [String], _ arguments: [String], isIdempotent: Bool) async throws(Failure) -> RESPValue {
        let rest = ([String(keys.count)] + keys + arguments).map { Array($0.utf8) }
        if let digest = digests[script.name] {
            let reply = try await call([Array("EVALSHA".utf8), digest] + rest, isIdempotent: isIdempotent)
            guard case .error(let error) = reply, error.code == "NOSCRIPT" else { return try answer(reply) }
        }
        return try answer(await call([Array("EVAL".utf8), Array(script.source.utf8)] + rest, isIdempotent: isIdempotent))
    }

    func run(_ command: [String], isIdempotent: Bool) async throws(Failure) -> RESPValue {
        try answer(await call(command.map { Array($0.utf8) }, isIdempotent: isIdempotent))
    }

    /// A reply of a shape that the script does not give.
    func unreadable(_ what: String) -> Failure {
        .checkpointsUnreadable("\(what) at \(endpoint.address)")
    }

    private func call(_ command: [[UInt8]], isIdempotent: Bool) async throws(Failure) -> RESPValue {
        do {
            return try await link.call(command, isIdempotent: isIdempotent)
        } catch {
            throw Failure.redis(error, endpoint)
        }
    }

    private func answer(_ reply: RESPValue) throws(Failure) -> RESPValue {
        guard case .error(let error) = reply else { return reply }
        throw Failure.redis(error, endpoint)
    }
}
