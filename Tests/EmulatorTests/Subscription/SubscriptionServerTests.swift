import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import Records
import Testing

@testable import Emulator

@Suite("Subscriptions over the wire")
struct SubscriptionServerTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func post(_ client: HTTPClient, _ server: EmulatorServer, _ operation: String, _ body: String) async throws
        -> HTTPClientResponse
    {
        var request = HTTPClientRequest(url: server.url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-amz-json-1.1")
        request.headers.add(name: "X-Amz-Target", value: "Kinesis_20131202.\(operation)")
        request.body = .bytes(ByteBuffer(string: body))
        return try await client.execute(request, timeout: .seconds(30))
    }

    private func withServer(
        tls: EmulatorConfiguration.TLS? = nil, _ client: HTTPClient, _ body: (EmulatorServer, _ subscription: String) async throws -> Void
    ) async throws {
        var configuration = EmulatorConfiguration(storage: .memory)
        configuration.tls = tls
        let server = try await EmulatorServer.start(configuration, logger: logger)
        let result: Result<Void, any Error>
        do {
            _ = try await post(client, server, "CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}")
            let arn = "arn:aws:kinesis:us-east-1:000000000000:stream/s"
            let registered = try await post(client, server, "RegisterStreamConsumer", "{\"StreamARN\":\"\(arn)\",\"ConsumerName\":\"c\"}")
            let text = String(buffer: try await registered.body.collect(upTo: 1 << 20))
            let consumer = try #require(text.split(separator: "\"").first { $0.contains("/consumer/") })
            result = .success(
                try await body(
                    server,
                    "{\"ConsumerARN\":\"\(consumer)\",\"ShardId\":\"\(ShardState.id(0))\",\"StartingPosition\":{\"Type\":\"TRIM_HORIZON\"}}"
                ))
        } catch {
            result = .failure(error)
        }
        await server.stop()
        try result.get()
    }

    private let put = "{\"StreamName\":\"s\",\"PartitionKey\":\"k\",\"Data\":\"\"}"

    @Test("Events come in chunks over HTTP/1.1")
    func chunked() async throws {
        let client = HTTPClient.shared
        try await withServer(client) { server, subscription in
            let response = try await post(client, server, "SubscribeToShard", subscription)
            #expect(response.status == .ok)
            #expect(response.version == .http1_1)
            #expect(response.headers.first(name: "content-type") == "application/vnd.amazon.eventstream")
            var reader = FrameReader()
            var types: [String] = []
            var keys: [String] = []
            for try await chunk in response.body {
                reader.take(chunk.readableBytesView)
                while let frame = try reader.next() {
                    types.append(frame.type)
                    keys += frame.keys
                    if keys.count < 3 { _ = try await post(client, server, "PutRecord", put) }
                }
                if keys.count == 3 { break }
            }
            #expect(types.first == "initial-response")
            #expect(keys == ["k", "k", "k"])
        }
    }

    @Test("A server that stops ends its subscriptions")
    func stopping() async throws {
        try await withServer(HTTPClient.shared) { server, subscription in
            let response = try await post(HTTPClient.shared, server, "SubscribeToShard", subscription)
            var chunks = response.body.makeAsyncIterator()
            #expect(try await chunks.next() != nil)
            await server.stop()
            // Whether as an end or as an error is the client's affair.
            while let chunk = try? await chunks.next() { #expect(chunk.readableBytes > 0) }
        }
    }

    @Test("A client that leaves frees its place at once")
    func leaving() async throws {
        let client = HTTPClient.shared
        try await withServer(client) { server, subscription in
            for _ in 0..<3 {
                // The server hears of it a moment after the client has left.
                var response = try await post(client, server, "SubscribeToShard", subscription)
                while response.status != .ok { response = try await post(client, server, "SubscribeToShard", subscription) }
                for try await _ in response.body { break }
            }
        }
    }

    @Test("With a certificate a client gets HTTP/2, for events too", .enabled(if: OpenSSL.isInstalled))
    func http2() async throws {
        try await TemporaryFolder.use { folder in
            try OpenSSL.makeCertificate(in: folder)
            var settings = HTTPClient.Configuration()
            settings.tlsConfiguration = .makeClientConfiguration()
            settings.tlsConfiguration?.trustRoots = .file("\(folder)/cert.pem")
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
            let tls = EmulatorConfiguration.TLS(certificateChain: "\(folder)/cert.pem", privateKey: "\(folder)/key.pem")
            let result: Result<Void, any Error>
            do {
                try await withServer(tls: tls, client) { server, subscription in
                    #expect(server.url.hasPrefix("https://"))
                    let response = try await post(client, server, "SubscribeToShard", subscription)
                    #expect(response.version == .http2)
                    _ = try await post(client, server, "PutRecord", put)
                    var reader = FrameReader()
                    var keys: [String] = []
                    for try await chunk in response.body {
                        reader.take(chunk.readableBytesView)
                        while let frame = try reader.next() { keys += frame.keys }
                        if !keys.isEmpty { break }
                    }
                    #expect(keys == ["k"])
                }
                result = .success(())
            } catch {
                result = .failure(error)
            }
            try await client.shutdown()
            try result.get()
        }
    }

    @Test("A certificate that is not there is a failure with a hint")
    func missingCertificate() async throws {
        var configuration = EmulatorConfiguration(storage: .memory)
        configuration.tls = .init(certificateChain: "/none/cert.pem", privateKey: "/none/key.pem")
        let failure = try await #require(throws: Failure.self) { try await EmulatorServer.start(configuration, logger: logger) }
        #expect(failure.code == "tls_unusable")
    }
}

private enum OpenSSL {
    static let executable = "/usr/bin/openssl"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: executable) }

    /// A certificate of its own authority for the loopback interface: `cert.pem` and `key.pem`.
    static func makeCertificate(in folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", "\(folder)/key.pem", "-out", "\(folder)/cert.pem",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
