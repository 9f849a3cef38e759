import NIOCore
import NIOHTTP1

/// One client's connection: requests are answered one at a time, in the order in which they came, so that pipelined replies are too.
struct Connection: Sendable {
    typealias Channel = NIOAsyncChannel<NIOHTTPServerRequestFull, HTTPServerResponsePart>

    /// The largest body that is read: a PutRecords of 10 MiB is 14 MiB in base64, and JSON needs room around it.
    static let largestBody = 16 << 20

    let dispatcher: Dispatcher

    /// Handlers from bytes to whole requests; those that are too large are answered with 413 on the way.
    static func configure(_ channel: any NIOCore.Channel) throws -> Channel {
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: true)
        try channel.pipeline.syncOperations.addHandler(NIOHTTPServerRequestAggregator(maxContentLength: largestBody))
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
        headers.add(name: "x-amzn-RequestId", value: RequestID.random())
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

/// Numbers by which AWS identifies a request.
enum RequestID {
    /// A UUID of version 4 (RFC 9562).
    static func random() -> String {
        let (high, low) = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
        let digits = Array(hexadecimal(high & ~0xf000 | 0x4000) + hexadecimal(low & ~(0b11 << 62) | 0b10 << 62))
        var text: [UInt8] = []
        for (position, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(position) { text.append(UInt8(ascii: "-")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// 76 characters of base64.
    static func randomExtended() -> String {
        var random = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        for _ in 0..<7 { bytes.append(bigEndian: Int64(bitPattern: random.next())) }
        var text: [UInt8] = []
        Base64.encode(bytes, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func hexadecimal(_ number: UInt64) -> [UInt8] {
        stride(from: 60, through: 0, by: -4).map { shift in
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(shift) & 0xf)
            return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        }
    }
}
