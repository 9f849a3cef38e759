import NIOCore
import NIOPosix
import Testing

@testable import Emulator

/// A client that knows bytes alone.
enum RawClient {
    static func request(_ operation: String, _ body: String, more: String = "") -> String {
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: Kinesis_20131202.\(operation)\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\(more)\r\n\(body)"
    }

    /// What the server sends until it closes the connection.
    static func exchange(_ server: EmulatorServer, _ text: String) async throws -> String {
        let port = try #require(server.url.split(separator: ":").last.flatMap { Int($0) })
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port) {
            channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
        }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var received = ByteBuffer()
            do {
                for try await part in inbound { received.writeImmutableBuffer(part) }
            } catch is IOError {}
            return String(buffer: received)
        }
    }
}
