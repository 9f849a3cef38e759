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
/// the API has, and the 400 the shape of its errors; AWS's own 413 is empty.
final class ProtocolErrorReply: ChannelOutboundHandler {
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private static let malformed = ByteBuffer(string: #"{"__type":"SerializationException","message":"This is not an HTTP request."}"#)

    private var isMalformed = false

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where !head.headers.contains(name: RequestID.header):
            var generator = SystemRandomNumberGenerator()
            head.headers.add(name: RequestID.header, value: RequestID.short(using: &generator))
            isMalformed = head.status == .badRequest
            if isMalformed {
                head.headers.replaceOrAdd(name: "Content-Type", value: "application/x-amz-json-1.1")
                head.headers.replaceOrAdd(name: "Content-Length", value: String(Self.malformed.readableBytes))
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where isMalformed:
            isMalformed = false
            context.write(wrapOutboundOut(.body(.byteBuffer(Self.malformed))), promise: nil)
            context.write(data, promise: promise)
        default:
            context.write(data, promise: promise)
        }
    }
}
