import NIOCore
import NIOHTTP1

/// Closes a connection on which nothing has happened for too long.
final class IdleCloser: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) } else { context.fireUserInboundEventTriggered(event) }
    }
}

/// Gives the replies that NIO writes on its own, 400 to what is no HTTP and 413 to a body that is too large, the number that every reply of
/// the API has.
final class ProtocolErrorReply: ChannelOutboundHandler {
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), !head.headers.contains(name: RequestID.header) else {
            return context.write(data, promise: promise)
        }
        var generator = SystemRandomNumberGenerator()
        head.headers.add(name: RequestID.header, value: RequestID.short(using: &generator))
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
