import NIOCore
import NIOHTTP1
import Synchronization

/// The bytes of request bodies that a server holds at once, over all connections.
final class BodyBudget: Sendable {
    private let left: Mutex<Int>

    init(bytes: Int) {
        left = Mutex(bytes)
    }

    /// False when there is no room.
    func take(_ bytes: Int) -> Bool {
        left.withLock { left in
            guard left >= bytes else { return false }
            left -= bytes
            return true
        }
    }

    func giveBack(_ bytes: Int) {
        left.withLock { $0 += bytes }
    }
}

/// Counts a connection's bodies, from their first byte until they are answered, against the budget of all connections; refuses what is
/// beyond it with 503, which clients try again, and closes the connection: whoever sends slowly must not fill the memory.
final class BodyBudgetHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let budget: BodyBudget
    /// The bytes of each request that is not answered yet, oldest first.
    private var unanswered: [Int] = []
    private var isRefusing = false

    init(_ budget: BodyBudget) {
        self.budget = budget
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefusing else { return }
        switch unwrapInboundIn(data) {
        case .head: unanswered.append(0)
        case .body(let bytes):
            guard budget.take(bytes.readableBytes) else { return refuse(context) }
            unanswered[unanswered.count - 1] += bytes.readableBytes
        case .end: break
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data), !unanswered.isEmpty { budget.giveBack(unanswered.removeFirst()) }
        context.write(data, promise: promise)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        budget.giveBack(unanswered.reduce(0, +))
        unanswered = []
    }

    private func refuse(_ context: ChannelHandlerContext) {
        isRefusing = true
        let body = ByteBuffer(string: #"{"__type":"ServiceUnavailable","message":"Too many requests are under way."}"#)
        var headers = HTTPHeaders([("Content-Type", "application/x-amz-json-1.1"), ("Connection", "close")])
        headers.add(name: "Content-Length", value: String(body.readableBytes))
        let head = HTTPResponseHead(version: .http1_1, status: .serviceUnavailable, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}
