import NIOCore
import NIOHTTP1
import Synchronization

/// What keeps clients that do nothing, or are too many, from taking the server's memory and descriptors.
struct ConnectionGuards: Sendable {
    private let limit: Int
    private let idleTimeout: TimeAmount
    private let open = Counter()

    init(_ configuration: EmulatorConfiguration) {
        limit = configuration.connectionLimit
        idleTimeout = TimeAmount(configuration.idleTimeout)
    }

    /// Throws when there are too many connections, so that this one is closed.
    func install(on channel: any Channel) throws {
        guard open.add(1) <= limit else {
            open.add(-1)
            throw TooManyConnections()
        }
        channel.closeFuture.whenComplete { [open] _ in open.add(-1) }
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(IdleStateHandler(allTimeout: idleTimeout))
        try pipeline.addHandler(IdleCloser())
    }

    private struct TooManyConnections: Error {}

    private final class Counter: Sendable {
        private let count = Atomic<Int>(0)

        /// Answers the new count.
        @discardableResult
        func add(_ number: Int) -> Int {
            count.add(number, ordering: .relaxed).newValue
        }
    }
}

/// Closes a connection on which nothing has happened for too long.
private final class IdleCloser: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) } else { context.fireUserInboundEventTriggered(event) }
    }
}

/// Gives the replies that NIO writes on its own, 413 to a body that is too large, the number that every reply of the API has.
final class ProtocolErrorReply: ChannelOutboundHandler {
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private static let requestIDs = RequestIDs(seed: .random(in: .min ... .max))

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), !head.headers.contains(name: "x-amzn-RequestId") else {
            return context.write(data, promise: promise)
        }
        head.headers.add(name: "x-amzn-RequestId", value: Self.requestIDs.short())
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
