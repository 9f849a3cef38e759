import NIOCore
import NIOHTTP1

/// A connection to a server that carries one exchange after the other (RFC 9112): the end of a channel's pipeline.
final class HTTPConnection: ChannelInboundHandler, Equatable, @unchecked Sendable {  // All that changes is touched on its event loop alone.
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// The longest reply that is taken: GetRecords returns 10 MiB, which base64 and JSON make about 14 MiB of.
    private static let longestReply = 32 << 20

    private let channel: any Channel
    /// It can take another exchange.
    private let onFree: @Sendable (HTTPConnection) -> Void
    /// It is closed; called once.
    private let onClose: @Sendable (HTTPConnection) -> Void
    private var exchange: Exchange?
    private var reply = TransportReply(status: 0)
    private var isKeptAlive = true
    private var isSent = true
    private var failure: (any Error)?

    init(
        _ channel: any Channel, onFree: @escaping @Sendable (HTTPConnection) -> Void, onClose: @escaping @Sendable (HTTPConnection) -> Void
    ) {
        self.channel = channel
        self.onFree = onFree
        self.onClose = onClose
    }

    static func == (left: HTTPConnection, right: HTTPConnection) -> Bool { left === right }

    var eventLoop: any EventLoop { channel.eventLoop }

    func close() { channel.close(promise: nil) }

    /// Sends a request, on the event loop. False where nothing was sent: the connection is closed.
    func start(_ exchange: Exchange) -> Bool {
        guard channel.isActive else { return false }
        exchange.startDeadline(on: channel.eventLoop)
        guard exchange.begin(on: self) else {
            onFree(self)
            return true
        }
        self.exchange = exchange
        reply = TransportReply(status: 0)
        isKeptAlive = true
        isSent = false
        let request = exchange.request
        var headers = HTTPHeaders()
        headers.reserveCapacity(request.headers.count + 2)
        if request.header("host") == nil { headers.add(name: "Host", value: request.url.authority) }
        for (name, value) in request.headers { headers.add(name: name, value: value) }
        let hasBody = request.method != "GET"
        if hasBody { headers.add(name: "Content-Length", value: String(request.body.readableBytes)) }
        channel.write(
            HTTPClientRequestPart.head(
                HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: request.url.target, headers: headers)),
            promise: nil)
        if hasBody, request.body.readableBytes > 0 { channel.write(HTTPClientRequestPart.body(.byteBuffer(request.body)), promise: nil) }
        let sent = channel.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenSuccess { self.isSent = true }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: sent)
        return true
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            reply.status = Int(head.status.code)
            reply.headers = head.headers
            isKeptAlive = head.isKeepAlive
            if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), (0...Self.longestReply).contains(length) {
                reply.body.reserveCapacity(length)
            }
        case .body(let part):
            guard reply.body.count + part.readableBytes <= Self.longestReply else {
                exchange?.end(.failure(.connection("the reply is longer than \(Self.longestReply >> 20) MiB")))
                exchange = nil
                context.close(promise: nil)
                return
            }
            part.withUnsafeReadableBytes { reply.body.append(contentsOf: $0) }
        case .end: finish(context)
        }
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard let exchange else { return }
        let reply = reply
        self.exchange = nil
        self.reply = TransportReply(status: 0)
        exchange.end(.success(reply))
        // What answers before it has heard all is not to be asked again. A request that waits begins at once.
        if isKeptAlive, isSent { onFree(self) } else { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = failure ?? error
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let exchange {
            self.exchange = nil
            let authority = exchange.request.url.authority
            exchange.end(
                .failure(failure.map { TransportError($0, authority: authority) } ?? .connection("\(authority): the server has closed it")))
        }
        onClose(self)
        context.fireChannelInactive()
    }
}
