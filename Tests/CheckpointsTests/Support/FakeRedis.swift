import NIOCore
import NIOPosix
import Synchronization

@testable import Checkpoints

/// A server that speaks RESP and says what a test tells it to: for moments that a real server does not produce on demand.
final class FakeRedis: Sendable {
    enum Answer {
        /// RESP, as it goes over the wire.
        case reply(String)
        /// The connection ends before the answer.
        case cut
        case silence
    }

    private let channel: any Channel

    var port: Int { channel.localAddress?.port ?? 0 }

    /// `answer` is called with the words of each command; for a script the second word is its name, whether by digest or in full.
    static func start(_ answer: @escaping @Sendable (_ command: [String]) -> Answer) async throws -> FakeRedis {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Session(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return FakeRedis(channel)
    }

    private init(_ channel: any Channel) {
        self.channel = channel
    }

    func stop() async throws {
        try await channel.close()
    }

    private final class Session: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let decoder = RESPDecoder()
        private let answer: @Sendable ([String]) -> Answer

        init(_ answer: @escaping @Sendable ([String]) -> Answer) {
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            do {
                try decoder.feed(unwrapInboundIn(data).readableBytesView)
                while let command = try decoder.next()?.elements?.compactMap(\.text) {
                    switch reply(to: command) {
                    case .reply(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
                    case .cut: return context.close(promise: nil)
                    case .silence: break
                    }
                }
            } catch {
                context.close(promise: nil)
            }
        }

        /// Scripts are loaded under their names.
        private func reply(to command: [String]) -> Answer {
            guard command.first == "SCRIPT" else { return answer(command) }
            let name = RedisScript.all.first { $0.source == command[2] }?.name ?? "unknown"
            return .reply("$\(name.utf8.count)\r\n\(name)\r\n")
        }
    }
}
