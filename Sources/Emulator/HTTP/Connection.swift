import NIOCore
import NIOHTTP1

/// One client's connection: requests are answered one at a time, in the order in which they came, so that pipelined replies are too.
struct Connection: Sendable {
    typealias Channel = NIOAsyncChannel<NIOHTTPServerRequestFull, HTTPServerResponsePart>

    /// The largest body that is read: a PutRecords of 10 MiB is 14 MiB in base64, and JSON needs room around it.
    static let largestBody = 16 << 20
    /// All bodies together, of requests that are arriving or being answered: several of the largest.
    static let bodiesAtOnce = 96 << 20

    let dispatcher: Dispatcher

    /// Handlers from bytes to whole requests; those that are no HTTP or too large are answered on the way.
    static func configure(_ channel: any NIOCore.Channel, _ budget: BodyBudget) throws -> Channel {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: false)
        try pipeline.addHandler(ProtocolErrorReply())
        try pipeline.addHandler(HTTPServerProtocolErrorHandler())
        return try wrap(channel, budget)
    }

    /// As `configure`, for a channel that already speaks HTTP.
    static func wrap(_ channel: any NIOCore.Channel, _ budget: BodyBudget) throws -> Channel {
        try channel.pipeline.syncOperations.addHandler(ProtocolErrorReply())
        try channel.pipeline.syncOperations.addHandler(BodyBudgetHandler(budget))
        try channel.pipeline.syncOperations.addHandler(NIOHTTPServerRequestAggregator(maxContentLength: largestBody))
        return try Channel(wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: false))
    }

    /// Serves until the client leaves or the task is cancelled.
    func serve(_ channel: Channel) async throws {
        let peer = channel.channel.remoteAddress
        try await channel.executeThenClose { inbound, outbound in
            var requests = inbound.makeAsyncIterator()
            while let request = try await requests.next() {
                switch await dispatcher.answer(request.head, body: request.body ?? ByteBuffer(), from: peer) {
                case .reply(let reply):
                    let isLast = !request.head.isKeepAlive
                    try await outbound.write(contentsOf: parts(reply, to: request.head, isLast: isLast))
                    if isLast { return }
                case .cutReply(let reply):
                    try await outbound.write(.head(head(reply, to: request.head, isLast: false)))
                    try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: reply.body.prefix(reply.body.count / 2)))))
                    throw ConnectionCut()
                case .events(let subscription):
                    try await send(subscription, to: request.head, on: channel.channel, outbound)
                case .hangUp:
                    throw ConnectionCut()
                case .silence:
                    // Later requests on this connection would be answered after this one.
                    while try await requests.next() != nil {}
                }
            }
        }
    }

    private func send(
        _ subscription: Subscription, to request: HTTPRequestHead, on channel: any NIOCore.Channel,
        _ outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    ) async throws {
        channel.closeFuture.whenComplete { _ in subscription.stop() }
        var headers = identification()
        headers.add(name: "Content-Type", value: EventFrame.contentType)
        try await outbound.write(.head(HTTPResponseHead(version: request.version, status: .ok, headers: headers)))
        try await subscription.run { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: $0)))) }
        try await outbound.write(.end(nil))
    }

    private func parts(_ reply: ServiceReply, to request: HTTPRequestHead, isLast: Bool) -> [HTTPServerResponsePart] {
        let head = HTTPServerResponsePart.head(head(reply, to: request, isLast: isLast))
        guard request.method != .HEAD, !reply.body.isEmpty else { return [head, .end(nil)] }
        return [head, .body(.byteBuffer(ByteBuffer(bytes: reply.body))), .end(nil)]
    }

    private func head(_ reply: ServiceReply, to request: HTTPRequestHead, isLast: Bool) -> HTTPResponseHead {
        var headers = identification()
        if let type = reply.contentType { headers.add(name: "Content-Type", value: type) }
        headers.add(name: "Content-Length", value: String(reply.body.count))
        if isLast { headers.add(name: "Connection", value: "close") }
        return HTTPResponseHead(version: request.version, status: reply.status, headers: headers)
    }

    /// What every reply carries.
    private func identification() -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.add(name: RequestID.header, value: dispatcher.requestIDs.short())
        headers.add(name: "x-amz-id-2", value: dispatcher.requestIDs.extended())
        headers.add(name: "Date", value: UTCDate(milliseconds: dispatcher.engine.now()).httpText)
        return headers
    }
}
