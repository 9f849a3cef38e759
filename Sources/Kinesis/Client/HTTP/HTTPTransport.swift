import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Records
import Synchronization

/// HTTP/1.1 with kept connections behind `Transport`: NIO's codec and TLS, with no more between them and a call than it needs.
///
/// An idle shard costs one exchange each poll, hundreds a second in all. AsyncHTTPClient, which subscriptions use, takes more than half of
/// what such an exchange costs.
final class HTTPTransport: Transport {
    private struct Server: Hashable {
        var scheme: EndpointURL.Scheme
        var host: String
        var port: Int?

        init(_ url: EndpointURL) {
            (scheme, host, port) = (url.scheme, url.host, url.port)
        }
    }

    private struct State {
        var pools: [Server: ConnectionPool<HTTPConnection, Exchange>] = [:]
        var connections: [ObjectIdentifier: HTTPConnection] = [:]
        var isShutDown = false
    }

    /// AWS closes what was idle for longer; so do most load balancers (Elastic Load Balancing: 60 s).
    private static let idleLife = Duration.seconds(50)

    private let connectTimeout: TimeAmount
    private let maxConnections: Int
    private let tls: TLSContext
    private let group: MultiThreadedEventLoopGroup
    private let state = Mutex(State())

    /// - Parameter certificateBundle: A file of certificate authorities that takes the place of the system's: `AWS_CA_BUNDLE`.
    init(
        _ configuration: KinesisConfiguration, certificateBundle: String?, group: MultiThreadedEventLoopGroup = .singleton
    ) throws(Failure) {
        connectTimeout = .nanoseconds(configuration.connectTimeout.wholeNanoseconds)
        maxConnections = configuration.maxConnections
        self.group = group
        tls = try TLSContext(certificateBundle: certificateBundle)
    }

    deinit {
        for connection in state.withLock({ $0.connections.values }) { connection.close() }
    }

    func shutdown() async {
        let (requests, connections) = state.withLock { state in
            state.isShutDown = true
            var requests: [Exchange] = []
            for server in state.pools.keys { requests += state.pools[server]?.shutDown() ?? [] }
            return (requests, Array(state.connections.values))
        }
        for request in requests { request.end(.failure(.cancelled)) }
        for connection in connections { connection.close() }
    }

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportReply {
        let exchange = Exchange(request)
        do {
            return try await withTaskCancellationHandler {
                place(exchange)
                return try await exchange.reply()
            } onCancel: {
                exchange.abort(.cancelled)
            }
        } catch {
            throw TransportError(error, authority: request.url.authority)
        }
    }
}

// MARK: - Connections

extension HTTPTransport {
    /// Finds a connection for a request, or has it wait for one.
    private func place(_ exchange: Exchange) {
        let server = Server(exchange.request.url)
        let step = state.withLock { state -> ConnectionPool<HTTPConnection, Exchange>.Step? in
            guard !state.isShutDown else { return nil }
            return state.pools[server, default: ConnectionPool(limit: maxConnections, idleLife: Self.idleLife)].ask(exchange)
        }
        switch step {
        case .use(let connection): connection.eventLoop.execute { self.start(exchange, on: connection) }
        case .connect: connect(to: server, for: exchange)
        case .wait: exchange.startDeadline(on: group.next())
        case nil: exchange.end(.failure(.cancelled))
        }
    }

    private func start(_ exchange: Exchange, on connection: HTTPConnection) {
        // It was closed between two looks at it, and nothing was sent: another one will do.
        if !connection.start(exchange) { place(exchange) }
    }

    private func connect(to server: Server, for exchange: Exchange) {
        let loop = group.next()
        exchange.startDeadline(on: loop)
        let tls = server.scheme == .https ? tls : nil
        let host = server.host.hasPrefix("[") ? String(server.host.dropFirst().dropLast()) : server.host
        ClientBootstrap(group: loop)
            .connectTimeout(connectTimeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(tls.context(), server: host)) }
                    try channel.pipeline.syncOperations.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
                    try channel.pipeline.syncOperations.addHandler(self.connection(channel, server))
                }
            }
            .connect(host: host, port: server.port ?? server.scheme.defaultPort)
            .flatMapThrowing { try $0.pipeline.syncOperations.handler(type: HTTPConnection.self) }
            .whenComplete { outcome in
                switch outcome {
                case .success(let connection): self.opened(connection, for: exchange)
                case .failure(let error):
                    exchange.end(.failure(TransportError(error, authority: exchange.request.url.authority)))
                    self.replace(nil, server)
                }
            }
    }

    private func connection(_ channel: any Channel, _ server: Server) -> HTTPConnection {
        HTTPConnection(
            channel,
            onFree: { [weak self] connection in
                if let self { self.freed(connection, server) } else { connection.close() }
            },
            onClose: { [weak self] connection in self?.closed(connection, server) })
    }

    private func opened(_ connection: HTTPConnection, for exchange: Exchange) {
        let isWanted = state.withLock { state in
            state.connections[ObjectIdentifier(connection)] = connection
            return !state.isShutDown
        }
        guard isWanted else {
            exchange.end(.failure(.cancelled))
            connection.close()
            return
        }
        start(exchange, on: connection)
    }

    /// On the connection's event loop.
    private func freed(_ connection: HTTPConnection, _ server: Server) {
        let now = MonotonicTime.now()
        let (next, old) = state.withLock { state in
            var next = state.pools[server]?.giveBack(connection, now: now) ?? .close
            // Who has given up meanwhile needs no connection any more.
            while case .use(let exchange) = next, exchange.isOver { next = state.pools[server]?.giveBack(connection, now: now) ?? .close }
            return (next, state.pools[server]?.expire(now: now) ?? [])
        }
        switch next {
        case .use(let exchange): start(exchange, on: connection)
        case .keep: break
        case .close: connection.close()
        }
        for connection in old { connection.close() }
    }

    private func closed(_ connection: HTTPConnection, _ server: Server) {
        state.withLock { $0.connections[ObjectIdentifier(connection)] = nil }
        replace(connection, server)
    }

    private func replace(_ connection: HTTPConnection?, _ server: Server) {
        if let waiting = state.withLock({ $0.pools[server]?.closed(connection) }) { connect(to: server, for: waiting) }
    }
}

extension NIOSSLClientHandler {
    /// An address is no name to be sent to the server (RFC 6066, section 3); the certificate has to name it all the same.
    fileprivate convenience init(_ context: NIOSSLContext, server host: String) throws {
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        try self.init(context: context, serverHostname: isAddress ? nil : host)
    }
}
