import Logging
import NIOCore
import NIOPosix
import Synchronization

/// The listening socket and the connections that came from it.
struct Listener: Sendable {
    typealias ServerChannel = NIOAsyncChannel<Connection.Channel, Never>

    let channel: ServerChannel
    private let connectionLimit: Int

    /// Listens; connections are taken once `serve` runs.
    init(_ configuration: EmulatorConfiguration) async throws {
        let idleTimeout = TimeAmount(configuration.idleTimeout)
        connectionLimit = configuration.connectionLimit
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: configuration.host, port: configuration.port) { channel in
                channel.eventLoop.makeCompletedFuture { try Connection.configure(channel, idleTimeout: idleTimeout) }
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
                    let open = Counter()
                    for try await connection in connections {
                        guard open.value < connectionLimit else {
                            logger.debug("A connection was refused", metadata: ["limit": "\(connectionLimit)"])
                            connection.channel.close(promise: nil)
                            continue
                        }
                        open.add(1)
                        group.addTask {
                            defer { open.add(-1) }
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

/// How many connections are open.
private final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add(_ number: Int) {
        count.add(number, ordering: .relaxed)
    }
}
