import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOSSL
import Records
import Synchronization

/// AsyncHTTPClient with kept connections behind `Transport`.
///
/// An idle shard costs one exchange each poll, hundreds a second in all: so a reply is collected on its connection's event loop and
/// handed over once, the deadline is a timer of that loop, and the parsed URL of a server is kept.
final class HTTPTransport: Transport {
    private let client: HTTPClient
    private let isShutDown = Mutex(false)
    /// Requests without headers and body, by the servers that they go to.
    private let templates = Mutex<[Template: HTTPClient.Request]>([:])

    private struct Template: Hashable {
        var url: EndpointURL
        var method: String
    }

    /// Credentials and streams come from a handful of servers; more than this is an unusual caller, and no reason to grow.
    private static let mostTemplates = 64

    /// - Parameter certificateBundle: A file of certificate authorities that takes the place of the system's: `AWS_CA_BUNDLE`.
    init(_ configuration: KinesisConfiguration, certificateBundle: String?) throws(Failure) {
        var options = HTTPClient.Configuration()
        options.timeout.connect = .nanoseconds(configuration.connectTimeout.wholeNanoseconds)
        options.redirectConfiguration = .disallow
        options.httpVersion = .http1Only
        options.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, configuration.maxConnections)
        // A connection that cannot be made is the caller's to know: its retry policy waits, not the pool.
        options.connectionPool.retryConnectionEstablishment = false
        options.tlsConfiguration = try TLSConfiguration.trusting(certificateBundle)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
    }

    deinit {
        // AsyncHTTPClient stops the process when a client is dropped that still holds connections.
        if !isShutDown.withLock({ $0 }) { client.shutdown { _ in } }
    }

    func shutdown() async {
        let wasShutDown = isShutDown.withLock { isShutDown in
            defer { isShutDown = true }
            return isShutDown
        }
        // Its only error is to have been shut down before.
        if !wasShutDown { try? await client.shutdown() }
    }

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportReply {
        do {
            let deadline = NIODeadline.now() + .nanoseconds(request.timeout.wholeNanoseconds)
            let exchange = client.execute(request: try outgoing(request), delegate: ReplyCollector(), deadline: deadline)
            return try await withTaskCancellationHandler {
                try await exchange.futureResult.get()
            } onCancel: {
                exchange.cancel()
            }
        } catch {
            throw TransportError(error, authority: request.url.authority)
        }
    }

    private func outgoing(_ request: TransportRequest) throws -> HTTPClient.Request {
        var outgoing = try template(Template(url: request.url, method: request.method))
        outgoing.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        if request.method != "GET" { outgoing.body = .byteBuffer(request.body) }
        return outgoing
    }

    private func template(_ key: Template) throws -> HTTPClient.Request {
        if let kept = templates.withLock({ $0[key] }) { return kept }
        let made = try HTTPClient.Request(url: key.url.text, method: HTTPMethod(rawValue: key.method))
        templates.withLock { templates in
            if templates.count >= Self.mostTemplates { templates = [:] }
            templates[key] = made
        }
        return made
    }
}

/// Collects one reply; all calls come from its connection's event loop.
private final class ReplyCollector: HTTPClientResponseDelegate {
    /// The longest reply that is taken: GetRecords returns 10 MiB, which base64 and JSON make about 14 MiB of.
    private static let longestReply = 32 << 20

    private let reply = Mutex(TransportReply(status: 0))

    func didReceiveHead(task: HTTPClient.Task<TransportReply>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        reply.withLock { reply in
            reply.status = Int(head.status.code)
            reply.headers = head.headers
            if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), (0...Self.longestReply).contains(length) {
                reply.body.reserveCapacity(length)
            }
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<TransportReply>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
        let fits = reply.withLock { reply in
            guard reply.body.count + part.readableBytes <= Self.longestReply else { return false }
            part.withUnsafeReadableBytes { reply.body.append(contentsOf: $0) }
            return true
        }
        guard fits else {
            return task.eventLoop.makeFailedFuture(TransportError.connection("the reply is longer than \(Self.longestReply >> 20) MiB"))
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<TransportReply>) -> TransportReply {
        reply.withLock { reply in
            defer { reply = TransportReply(status: 0) }
            return reply
        }
    }
}

extension TLSConfiguration {
    /// What a client trusts: the system's authorities, or those of a file in their stead (`AWS_CA_BUNDLE`); nil for AsyncHTTPClient's own.
    static func trusting(_ certificateBundle: String?) throws(Failure) -> TLSConfiguration? {
        guard let certificateBundle, !certificateBundle.isEmpty else { return nil }
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try NIOSSLCertificate.fromPEMFile(certificateBundle)
        } catch {
            throw Failure("aws_ca_bundle", "the certificates of AWS_CA_BUNDLE (\(certificateBundle)) cannot be read")
        }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates(certificates)
        return tls
    }
}

extension TransportError {
    /// What AsyncHTTPClient and NIO throw, by what a caller can do about it.
    init(_ error: any Error, authority: String) {
        switch error {
        case let error as TransportError:
            self = error
        case is CancellationError:
            self = .cancelled
        case let error as HTTPClientError where error == .cancelled:
            self = .cancelled
        case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout || error == .writeTimeout:
            self = .timeout
        case let error as HTTPClientError:
            self = .connection("\(authority): \(error.shortDescription)")
        case let error as IOError:
            self = .connection("\(authority): \(String(cString: strerror(error.errnoCode)))")
        default:
            self = .connection("\(authority): \(error)")
        }
    }
}
