import Logging
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import Synchronization

/// The listening socket and the connections that came from it.
struct Listener: Sendable {
    /// A connection, or with HTTP/2 its streams as they are opened.
    enum Accepted: Sendable {
        case connection(Connection.Channel)
        case multiplexed(NIOHTTP2Handler.AsyncStreamMultiplexer<Connection.Channel>)
    }

    /// A client that has connected; which protocol it speaks is known later.
    struct Incoming: Sendable {
        var channel: any Channel
        var accepted: EventLoopFuture<Accepted>
    }

    let channel: NIOAsyncChannel<Incoming, Never>
    private let connectionLimit: Int
    /// Kept once every connection that came in has its task.
    private let everyConnectionTaken: EventLoopPromise<Void>

    /// Listens; connections are taken once `serve` runs.
    init(_ configuration: EmulatorConfiguration, tls: TLSContext?) async throws {
        let idleTimeout = TimeAmount(configuration.idleTimeout)
        let budget = BodyBudget(bytes: Connection.bodiesAtOnce)
        connectionLimit = configuration.connectionLimit
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: configuration.host, port: configuration.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(IdleStateHandler(allTimeout: idleTimeout))
                    try channel.pipeline.syncOperations.addHandler(IdleCloser())
                }.flatMap {
                    tls.map { Self.negotiate(channel, $0, budget) }
                        ?? channel.eventLoop.makeCompletedFuture {
                            channel.eventLoop.makeSucceededFuture(.connection(try Connection.configure(channel, budget)))
                        }
                }.map { Incoming(channel: channel, accepted: $0) }
            }
        everyConnectionTaken = channel.channel.eventLoop.makePromise()
    }

    private static func negotiate(
        _ channel: any Channel, _ tls: TLSContext, _ budget: BodyBudget
    ) -> EventLoopFuture<EventLoopFuture<Accepted>> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.context))
        }.flatMap {
            channel.configureAsyncHTTPServerPipeline { connection in
                connection.eventLoop.makeCompletedFuture { try Connection.wrap(connection, budget) }
            } http2ConnectionInitializer: { connection in
                connection.eventLoop.makeSucceededVoidFuture()
            } http2StreamInitializer: { stream in
                stream.eventLoop.makeCompletedFuture {
                    try stream.pipeline.syncOperations.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
                    return try Connection.wrap(stream, budget)
                }
            }
        }.map { negotiated in
            negotiated.map { version in
                switch version {
                case .http1_1(let connection): .connection(connection)
                case .http2((_, let multiplexer)): .multiplexed(multiplexer)
                }
            }
        }
    }

    /// The port that was taken.
    var port: Int { channel.channel.localAddress?.port ?? 0 }

    /// Takes no more connections. Those that had come in are served: NIO stops the program where one that it wrapped is dropped.
    func stopListening() async {
        try? await channel.channel.close()
        try? await everyConnectionTaken.futureResult.get()
    }

    /// Serves until the task is cancelled; connections are closed then. To be called once.
    func serve(_ dispatcher: Dispatcher) async {
        let logger = dispatcher.logger
        defer { everyConnectionTaken.succeed() }
        do {
            try await channel.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    let open = Counter()
                    for try await connection in connections {
                        guard open.value < connectionLimit else {
                            logger.debug("A connection was refused", metadata: ["limit": "\(connectionLimit)"])
                            group.addTask { await Self.refuse(connection) }
                            continue
                        }
                        open.add(1)
                        group.addTask {
                            defer { open.add(-1) }
                            do {
                                try await Self.serve(connection, dispatcher)
                            } catch {
                                // A client that goes away or sends what is not HTTP is its own affair.
                                logger.debug("A connection ended", metadata: ["error": "\(error)"])
                            }
                        }
                    }
                    everyConnectionTaken.succeed()
                }
            }
        } catch is CancellationError {
            return
        } catch {
            logger.error("The server no longer listens", metadata: ["error": "\(error)"])
        }
    }

    private static func refuse(_ incoming: Incoming) async {
        incoming.channel.close(promise: nil)
        guard case .connection(let connection)? = try? await incoming.accepted.get() else { return }
        try? await connection.executeThenClose { _, _ in }
    }

    private static func serve(_ incoming: Incoming, _ dispatcher: Dispatcher) async throws {
        let accepted = try await withTaskCancellationHandler {
            try await incoming.accepted.get()
        } onCancel: {
            incoming.channel.close(promise: nil)
        }
        switch accepted {
        case .connection(let connection):
            try await Connection(dispatcher: dispatcher).serve(connection)
        case .multiplexed(let multiplexer):
            try await withTaskCancellationHandler {
                try await withThrowingDiscardingTaskGroup { group in
                    for try await stream in multiplexer.inbound {
                        // One stream that fails must not take the others with it.
                        group.addTask { try? await Connection(dispatcher: dispatcher).serve(stream) }
                    }
                }
            } onCancel: {
                incoming.channel.close(promise: nil)
            }
        }
    }
}

/// How many connections are open.
private final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add(_ number: Int) {
        count.add(number, ordering: .relaxed)
    }
}
