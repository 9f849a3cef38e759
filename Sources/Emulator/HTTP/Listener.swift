import Logging
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL

/// The listening socket and the connections that came from it.
struct Listener: Sendable {
    /// A connection, or with HTTP/2 its streams as they are opened.
    enum Accepted: Sendable {
        case connection(Connection.Channel)
        case multiplexed(any Channel, NIOHTTP2Handler.AsyncStreamMultiplexer<Connection.Channel>)
    }

    /// A client that connects is known once it has said which protocol it speaks.
    let channel: NIOAsyncChannel<EventLoopFuture<Accepted>, Never>

    /// Listens; connections are taken once `serve` runs.
    init(_ configuration: EmulatorConfiguration, tls: TLSContext?) async throws {
        let guards = ConnectionGuards(configuration)
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: configuration.host, port: configuration.port) { channel in
                do {
                    try guards.install(on: channel)
                } catch {
                    return channel.eventLoop.makeFailedFuture(error)
                }
                guard let tls else {
                    return channel.eventLoop.makeCompletedFuture {
                        channel.eventLoop.makeSucceededFuture(Accepted.connection(try Connection.configure(channel)))
                    }
                }
                return Self.negotiate(channel, tls)
            }
    }

    private static func negotiate(_ channel: any Channel, _ tls: TLSContext) -> EventLoopFuture<EventLoopFuture<Accepted>> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls.context))
        }.flatMap {
            channel.configureAsyncHTTPServerPipeline { connection in
                connection.eventLoop.makeCompletedFuture { try Connection.wrap(connection) }
            } http2ConnectionInitializer: { connection in
                connection.eventLoop.makeSucceededVoidFuture()
            } http2StreamInitializer: { stream in
                stream.eventLoop.makeCompletedFuture {
                    try stream.pipeline.syncOperations.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
                    return try Connection.wrap(stream)
                }
            }
        }.map { negotiated in
            negotiated.map { version in
                switch version {
                case .http1_1(let connection): .connection(connection)
                case .http2((_, let multiplexer)): .multiplexed(channel, multiplexer)
                }
            }
        }
    }

    /// The port that was taken.
    var port: Int { channel.channel.localAddress?.port ?? 0 }

    /// Serves until the task is cancelled; connections are closed then.
    func serve(_ dispatcher: Dispatcher) async {
        let logger = dispatcher.logger
        do {
            try await channel.executeThenClose { connections in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await connection in connections {
                        group.addTask {
                            do {
                                try await Self.serve(try await connection.get(), dispatcher)
                            } catch {
                                // A client that goes away or sends what is not HTTP is its own affair.
                                logger.debug("A connection ended", metadata: ["error": "\(error)"])
                            }
                        }
                    }
                }
            }
        } catch is CancellationError {
            return
        } catch {
            logger.error("The server no longer listens", metadata: ["error": "\(error)"])
        }
    }

    private static func serve(_ accepted: Accepted, _ dispatcher: Dispatcher) async throws {
        switch accepted {
        case .connection(let connection):
            try await Connection(dispatcher: dispatcher).serve(connection)
        case .multiplexed(let channel, let multiplexer):
            try await withTaskCancellationHandler {
                try await withThrowingDiscardingTaskGroup { group in
                    for try await stream in multiplexer.inbound {
                        // One stream that fails must not take the others with it.
                        group.addTask { try? await Connection(dispatcher: dispatcher).serve(stream) }
                    }
                }
            } onCancel: {
                channel.close(promise: nil)
            }
        }
    }
}
