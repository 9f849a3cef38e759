import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOSSL
import Records
import Synchronization

/// AsyncHTTPClient with kept connections behind `Transport`.
final class HTTPTransport: Transport {
    private let client: HTTPClient
    private let isShutDown = Mutex(false)

    /// The longest reply that is taken: GetRecords returns 10 MiB, which base64 and JSON make about 14 MiB of.
    private static let longestReply = 32 << 20

    /// - Parameter certificateBundle: A file of certificate authorities that takes the place of the system's: `AWS_CA_BUNDLE`.
    init(_ configuration: KinesisConfiguration, certificateBundle: String?) throws(Failure) {
        var options = HTTPClient.Configuration()
        options.timeout.connect = .nanoseconds(configuration.connectTimeout.wholeNanoseconds)
        options.redirectConfiguration = .disallow
        options.httpVersion = .http1Only
        options.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, configuration.maxConnections)
        // A connection that cannot be made is the caller's to know: its retry policy waits, not the pool.
        options.connectionPool.retryConnectionEstablishment = false
        if let certificateBundle, !certificateBundle.isEmpty {
            let certificates: [NIOSSLCertificate]
            do {
                certificates = try NIOSSLCertificate.fromPEMFile(certificateBundle)
            } catch {
                throw Failure("aws_ca_bundle", "the certificates of AWS_CA_BUNDLE (\(certificateBundle)) cannot be read")
            }
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates(certificates)
            options.tlsConfiguration = tls
        }
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
        var outgoing = HTTPClientRequest(url: request.url.text)
        outgoing.method = HTTPMethod(rawValue: request.method)
        outgoing.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        if request.method != "GET" { outgoing.body = .bytes(request.body) }
        do {
            return try await reply(to: outgoing, within: request.timeout)
        } catch {
            throw TransportError(error, authority: request.url.authority)
        }
    }

    /// AsyncHTTPClient's own deadline ends with the head of a reply; the body needs one as well.
    private func reply(to request: HTTPClientRequest, within timeout: Duration) async throws -> TransportReply {
        try await withThrowingTaskGroup(of: TransportReply.self) { group in
            group.addTask { try await self.reply(to: request, deadline: .now() + .nanoseconds(timeout.wholeNanoseconds)) }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw TransportError.timeout
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw TransportError.cancelled }
            return first
        }
    }

    private func reply(to request: HTTPClientRequest, deadline: NIODeadline) async throws -> TransportReply {
        let response = try await client.execute(request, deadline: deadline)
        var body: [UInt8] = []
        if let length = response.headers.first(name: "content-length").flatMap({ Int($0) }), (0...Self.longestReply).contains(length) {
            body.reserveCapacity(length)
        }
        for try await chunk in response.body {
            guard body.count + chunk.readableBytes <= Self.longestReply else {
                throw TransportError.connection("the reply is longer than \(Self.longestReply >> 20) MiB")
            }
            chunk.withUnsafeReadableBytes { body.append(contentsOf: $0) }
        }
        try Task.checkCancellation()
        return TransportReply(
            status: Int(response.status.code), headers: response.headers.map { (name: $0.name, value: $0.value) }, body: body)
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
