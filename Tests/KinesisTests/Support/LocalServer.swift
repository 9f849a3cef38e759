import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server on a port of its own that behaves as the path says.
struct LocalServer {
    private final class Count: Sendable {
        let value = Atomic<Int>(0)
    }

    private let channel: any Channel
    private let count: Count

    /// How many were made to it.
    var connections: Int { count.value.load(ordering: .relaxed) }

    static func start(host: String) async throws -> LocalServer {
        let count = Count()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                count.value.add(1, ordering: .relaxed)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Behaviour())
                }
            }
            .bind(host: host, port: 0).get()
        return LocalServer(channel: channel, count: count)
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    func stop() async throws {
        try await channel.close()
    }

    private final class Behaviour: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private var head: HTTPRequestHead?
        private var body = ByteBuffer()

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): (self.head, body) = (head, ByteBuffer())
            case .body(var part): body.writeBuffer(&part)
            case .end: if let head { answer(head, context) }
            }
        }

        private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
            switch head.uri {
            case "/echo":
                let headers = HTTPHeaders([("X-Method", head.method.rawValue), ("X-A", head.headers.first(name: "X-A") ?? "")])
                reply(context, .ok, headers, body)
            case "/silent": break
            case "/half", "/cut":
                write(context, .head(HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": "100"])))
                write(context, .body(.byteBuffer(ByteBuffer(string: "half"))))
                context.flush()
                if head.uri == "/cut" { context.close(promise: nil) }
            case "/last":
                let headers: HTTPHeaders = ["Content-Length": "0", "Connection": "close"]
                write(context, .head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
                write(context, .end(nil))
                context.flush()
                context.close(promise: nil)
            case "/close": context.close(promise: nil)
            case "/endless":
                write(context, .head(HTTPResponseHead(version: .http1_1, status: .ok)))
                let chunk = ByteBuffer(repeating: 0x78, count: 1 << 20)
                for _ in 0..<40 { write(context, .body(.byteBuffer(chunk))) }
                context.flush()
            default:
                let status = head.uri.split(separator: "/").last.flatMap { Int($0) } ?? 404
                reply(context, HTTPResponseStatus(statusCode: status), ["Location": "/echo"], ByteBuffer())
            }
        }

        private func reply(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ headers: HTTPHeaders, _ body: ByteBuffer) {
            var headers = headers
            headers.add(name: "Content-Length", value: String(body.readableBytes))
            write(context, .head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)))
            write(context, .body(.byteBuffer(body)))
            write(context, .end(nil))
            context.flush()
        }

        private func write(_ context: ChannelHandlerContext, _ part: HTTPServerResponsePart) {
            context.write(wrapOutboundOut(part), promise: nil)
        }
    }
}
