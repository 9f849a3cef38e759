import Logging
import NIOCore
import NIOPosix

/// The listening socket and the connections that came from it.
struct Listener: Sendable {
    typealias ServerChannel = NIOAsyncChannel<Connection.Channel, Never>

    let channel: ServerChannel

    /// Listens; connections are taken once `serve` runs.
    init(host: String, port: Int) async throws {
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture { try Connection.configure(channel) }
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
                                try await Connection(dispatcher: dispatcher).serve(connection)
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
}
