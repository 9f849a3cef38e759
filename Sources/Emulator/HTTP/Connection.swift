import NIOCore
import NIOHTTP1

/// One client's connection: requests are answered one at a time, in the order in which they came, so that pipelined replies are too.
struct Connection: Sendable {
    typealias Channel = NIOAsyncChannel<NIOHTTPServerRequestFull, HTTPServerResponsePart>

    /// The largest body that is read: a PutRecords of 10 MiB is 14 MiB in base64, and JSON needs room around it.
    static let largestBody = 16 << 20

    let dispatcher: Dispatcher

    /// Handlers from bytes to whole requests; those that are no HTTP or too large are answered on the way.
    static func configure(_ channel: any NIOCore.Channel, idleTimeout: TimeAmount) throws -> Channel {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(IdleStateHandler(allTimeout: idleTimeout))
        try pipeline.addHandler(IdleCloser())
        try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: true)
        try pipeline.addHandler(ProtocolErrorReply())
        try pipeline.addHandler(NIOHTTPServerRequestAggregator(maxContentLength: largestBody))
        return try Channel(wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: false))
    }

    /// Serves until the client leaves or the task is cancelled.
    func serve(_ channel: Channel) async throws {
        try await channel.executeThenClose { inbound, outbound in
            for try await request in inbound {
                let reply = await dispatcher.reply(to: request.head, body: request.body ?? ByteBuffer())
                let isLast = !request.head.isKeepAlive
                try await outbound.write(contentsOf: Self.parts(reply, to: request.head, now: dispatcher.engine.now(), isLast: isLast))
                if isLast { return }
            }
        }
    }

    private static func parts(_ reply: ServiceReply, to request: HTTPRequestHead, now: Int64, isLast: Bool) -> [HTTPServerResponsePart] {
        var headers = HTTPHeaders()
        headers.add(name: RequestID.header, value: RequestID.random())
        headers.add(name: "x-amz-id-2", value: RequestID.randomExtended())
        headers.add(name: "Date", value: UTCDate(milliseconds: now).httpText)
        if let type = reply.contentType { headers.add(name: "Content-Type", value: type) }
        headers.add(name: "Content-Length", value: String(reply.body.count))
        if isLast { headers.add(name: "Connection", value: "close") }
        let head = HTTPServerResponsePart.head(HTTPResponseHead(version: request.version, status: reply.status, headers: headers))
        guard request.method != .HEAD, !reply.body.isEmpty else { return [head, .end(nil)] }
        return [head, .body(.byteBuffer(ByteBuffer(bytes: reply.body))), .end(nil)]
    }
}
