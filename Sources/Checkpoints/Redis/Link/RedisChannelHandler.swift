import NIOCore

/// What happens on a connection, for whoever runs it.
enum ConnectionEvent {
    /// The handshake is over: calls may be written.
    case ready
    case reply(RESPValue)
    /// Told once, and nothing after it.
    case ended(reason: String, isFinal: Bool)
}

/// The codec of a connection to Redis: bytes in, replies out, the handshake before anything else.
final class RedisChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let decoder = RESPDecoder()
    private let endpoint: RedisEndpoint
    private var handshake: Handshake?
    private var hasEnded = false
    private let report: (ConnectionEvent) -> Void

    init(endpoint: RedisEndpoint, report: @escaping (ConnectionEvent) -> Void) {
        self.endpoint = endpoint
        self.report = report
    }

    func channelActive(context: ChannelHandlerContext) {
        let handshake = Handshake(endpoint)
        self.handshake = handshake
        var buffer = context.channel.allocator.buffer(capacity: 256)
        for command in handshake.commands { RESPEncoder.encode(command, into: &buffer) }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        do {
            try decoder.feed(unwrapInboundIn(data).readableBytesView)
            while !hasEnded, let reply = try decoder.next() { handle(reply, context) }
        } catch {
            end(context, "it does not speak Redis's protocol: \(error)", isFinal: true)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let (reason, isFinal) = ConnectError.explain(error)
        end(context, reason, isFinal: isFinal)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(context, "the connection was closed", isFinal: false)
    }

    private func handle(_ reply: RESPValue, _ context: ChannelHandlerContext) {
        switch handshake?.replied(reply) {
        case nil: report(.reply(reply))
        case .more: break
        case .done:
            handshake = nil
            report(.ready)
        case .failed(let reason, let isFinal): end(context, reason, isFinal: isFinal)
        }
    }

    private func end(_ context: ChannelHandlerContext, _ reason: String, isFinal: Bool) {
        guard !hasEnded else { return }
        hasEnded = true
        report(.ended(reason: reason, isFinal: isFinal))
        context.close(promise: nil)
    }
}
