import Logging
import NIOSSL
import Records
import Synchronization

/// The servers of a Redis Cluster: each call goes to the primary of the key's slot, and follows the slot where that moves.
final class RedisCluster: RedisServers {
    private struct State {
        var map = SlotMap()
        var links: [SlotMap.Node: RedisLink] = [:]
        var isRefreshing = false
        var isClosed = false
    }

    let endpoint: RedisEndpoint
    private let seeds: [SlotMap.Node]
    private let tls: NIOSSLContext?
    private let timeout: Duration
    private let logger: Logger
    private let state = Mutex(State())

    /// A call that waits longer for one server asks whether another has taken its place: a third of its time leaves two more attempts.
    private var attemptLimit: Duration { timeout / 3 }

    /// Learns the topology from the first of `endpoints` that tells it. Throws why none does.
    init(_ endpoints: [RedisEndpoint], tls: NIOSSLContext?, timeout: Duration, logger: Logger) async throws(Failure) {
        endpoint = endpoints[0]
        seeds = endpoints.map { SlotMap.Node(host: $0.host, port: $0.port) }
        self.tls = tls
        self.timeout = timeout
        self.logger = logger
        do throws(Failure) {
            try await learn(until: .now() + timeout)
        } catch {
            await close()
            throw error
        }
    }

    func slot(of key: String) -> Int? { HashSlot.of(key) }

    func call(_ command: [[UInt8]], key: String?, isIdempotent: Bool) async throws(Failure) -> RESPValue {
        let deadline = MonotonicTime.now() + timeout
        var retry = CallRetry(isIdempotent: isIdempotent, isCluster: true)
        var redirection: (node: SlotMap.Node, isAsking: Bool)?
        while true {
            let node = redirection?.node ?? node(for: key)
            let outcome = await link(to: node).outcome(
                of: command, isIdempotent: false, until: min(deadline, .now() + attemptLimit), asking: redirection?.isAsking ?? false)
            guard case .again(let next, let pause, let refresh) = retry.verdict(on: outcome) else {
                return try outcome.reply(from: endpoint(of: node))
            }
            redirection = next.map { (SlotMap.Node(host: $0.host ?? node.host, port: $0.port), $0.isAsking) }
            if let next, let target = redirection?.node, !next.isAsking { state.withLock { $0.map.move(next.slot, to: target) } }
            if refresh { await self.refresh() }
            guard await Pause.passes(pause, before: deadline) else { return try outcome.reply(from: endpoint(of: node)) }
        }
    }

    func scan(_ pattern: String) async throws(Failure) -> [String] {
        var keys: Set<String> = []
        for node in state.withLock({ $0.map.primaries }) {
            var scan = KeyScan(pattern)
            while !scan.isDone {
                let outcome = await link(to: node).outcome(of: scan.command, isIdempotent: true, until: .now() + timeout)
                try scan.replied(outcome.reply(from: endpoint(of: node)), endpoint(of: node))
            }
            keys.formUnion(scan.keys)
        }
        return Array(keys)
    }

    func close() async {
        let links = state.withLock { state in
            defer { state.links = [:] }
            state.isClosed = true
            return Array(state.links.values)
        }
        for link in links { await link.close() }
    }
}

// MARK: Topology

extension RedisCluster {
    /// A slot that nobody is known to serve is asked for at any server, which answers with CLUSTERDOWN or where it is.
    private func node(for key: String?) -> SlotMap.Node {
        state.withLock { state in
            key.flatMap { state.map[HashSlot.of($0)] } ?? state.map.primaries.randomElement() ?? seeds[0]
        }
    }

    private func endpoint(of node: SlotMap.Node) -> RedisEndpoint {
        var endpoint = self.endpoint
        endpoint.host = node.host
        endpoint.port = node.port
        return endpoint
    }

    /// Connects at its first call, so that one too many costs nothing.
    private func link(to node: SlotMap.Node) async -> RedisLink {
        if let link = state.withLock({ $0.links[node] }) { return link }
        let link = await RedisLink.make([endpoint(of: node)], tls: tls, timeout: timeout, isOneOfMany: true, logger: logger)
        let (kept, isClosed) = state.withLock { state in
            if !state.isClosed, state.links[node] == nil { state.links[node] = link }
            return (state.links[node] ?? link, state.isClosed)
        }
        if isClosed { await link.close() }
        return kept
    }

    /// One at a time; whoever finds one under way tries with what is known by then.
    private func refresh() async {
        guard
            state.withLock({ state in
                defer { state.isRefreshing = true }
                return !state.isRefreshing
            })
        else { return }
        do throws(Failure) {
            try await learn()
        } catch {
            logger.warning("cannot learn the topology of the Redis Cluster", metadata: ["error": "\(error)"])
        }
        state.withLock { $0.isRefreshing = false }
    }

    /// A wrong password, or a server that is in no cluster, stays that; anything else may pass.
    private func learn(until deadline: MonotonicTime) async throws(Failure) {
        while true {
            do throws(Failure) {
                return try await learn()
            } catch {
                let isTemporary = error.code == "redis_unreachable" || error.code == "redis_error"
                guard isTemporary, await Pause.passes(.milliseconds(200), before: deadline) else { throw error }
            }
        }
    }

    /// Asks one server after another, those first that served lately. Throws the first failure where none tells.
    private func learn() async throws(Failure) {
        let known = state.withLock { $0.map.primaries.shuffled() }
        var failure: Failure?
        for node in known + seeds.filter({ !known.contains($0) }) {
            let command = ["CLUSTER", "SLOTS"].map { Array($0.utf8) }
            let outcome = await link(to: node).outcome(of: command, isIdempotent: true, until: .now() + attemptLimit)
            switch outcome {
            case .failure(let reason): failure = failure ?? Failure.redis(reason, endpoint(of: node))
            case .success(.error(let error)): failure = failure ?? Failure.redis(error, endpoint(of: node))
            case .success(let reply):
                guard let map = SlotMap(reply, askedHost: node.host), !map.primaries.isEmpty else {
                    failure = failure ?? Failure("redis_error", "Redis at \(endpoint(of: node).address) knows no slots of its cluster")
                    continue
                }
                return await adopt(map)
            }
        }
        throw failure ?? Failure("redis_unreachable", "cannot reach any server of the Redis Cluster")
    }

    /// Servers that have left the cluster, or are replicas now, need no connection.
    private func adopt(_ map: SlotMap) async {
        let wanted = Set(map.primaries + seeds)
        let left = state.withLock { state in
            state.map = map
            defer { state.links = state.links.filter { wanted.contains($0.key) } }
            return state.links.filter { !wanted.contains($0.key) }.map(\.value)
        }
        for link in left { await link.close() }
    }
}
