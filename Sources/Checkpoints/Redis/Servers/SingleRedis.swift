import Logging
import NIOSSL
import Records

/// One server, or several of which one is the primary.
struct SingleRedis: RedisServers {
    let endpoint: RedisEndpoint
    private let link: RedisLink
    private let timeout: Duration

    init(_ endpoints: [RedisEndpoint], tls: NIOSSLContext?, timeout: Duration, logger: Logger) async {
        endpoint = endpoints[0]
        self.timeout = timeout
        link = await RedisLink.make(endpoints, tls: tls, timeout: timeout, logger: logger)
    }

    func slot(of key: String) -> Int? { nil }

    func call(_ command: [[UInt8]], key: String?, isIdempotent: Bool) async throws(Failure) -> RESPValue {
        let deadline = MonotonicTime.now() + timeout
        var retry = CallRetry(isIdempotent: isIdempotent, isCluster: false)
        while true {
            let outcome = await link.outcome(of: command, isIdempotent: isIdempotent, until: deadline)
            guard case .again(_, let pause, _) = retry.verdict(on: outcome), await Pause.passes(pause, before: deadline) else {
                return try outcome.reply(from: endpoint)
            }
        }
    }

    func scan(_ pattern: String) async throws(Failure) -> [String] {
        var scan = KeyScan(pattern)
        while !scan.isDone { try scan.replied(await call(scan.command, key: nil, isIdempotent: true), endpoint) }
        return Array(scan.keys)
    }

    func close() async { await link.close() }
}

/// The time between two attempts.
enum Pause {
    /// False at once where the deadline would pass meanwhile, or the task is cancelled.
    static func passes(_ pause: Duration, before deadline: MonotonicTime) async -> Bool {
        guard MonotonicTime.now() + pause < deadline else { return false }
        if pause == .zero { return true }
        do {
            try await Task.sleep(for: pause)
            return true
        } catch {
            return false
        }
    }
}

extension Result<RESPValue, LinkFailure> {
    /// The server's answer, or what is known of a call without one.
    func reply(from endpoint: RedisEndpoint) throws(Records.Failure) -> RESPValue {
        switch self {
        case .success(let reply): return reply
        case .failure(let failure): throw .redis(failure, endpoint)
        }
    }
}
