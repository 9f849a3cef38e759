import NIOCore
import NIOHTTP1
import Testing

@testable import Kinesis

@Suite("HTTP transport")
struct HTTPTransportTests {
    private func send(
        _ path: String, method: String = "POST", body: ByteBuffer = ByteBuffer(), timeout: Duration = .seconds(10),
        host: String = "127.0.0.1"
    ) async throws -> TransportReply {
        let server = try await LocalServer.start(host: host)
        let transport = try HTTPTransport(KinesisConfiguration(), certificateBundle: nil)
        let url = try #require(EndpointURL("http://\(host == "::1" ? "[::1]" : host):\(server.port)\(path)"))
        let result = await Result {
            try await transport.send(TransportRequest(method: method, url: url, headers: [("X-A", "b")], body: body, timeout: timeout))
        }
        await transport.shutdown()
        try await server.stop()
        return try result.get()
    }

    @Test("a request arrives whole, and so does its reply", arguments: ["127.0.0.1", "::1"])
    func echo(host: String) async throws {
        let body = ByteBuffer(bytes: (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let reply = try await send("/echo", body: body, host: host)
        #expect(reply.status == 200)
        #expect(reply.body == Array(body.readableBytesView))
        #expect(reply.header("x-method") == "POST" && reply.header("x-a") == "b")
    }

    @Test("errors of HTTP are replies, and redirects are not followed", arguments: [("/status/503", 503), ("/status/301", 301)])
    func statuses(path: String, status: Int) async throws {
        #expect(try await send(path, method: "GET").status == status)
    }

    @Test("no reply in time is a timeout, whether the head or the body is late", arguments: ["/silent", "/half"])
    func timeouts(path: String) async throws {
        await #expect(throws: TransportError.timeout) { try await send(path, timeout: .milliseconds(200)) }
    }

    @Test("a connection that ends early is told as such", arguments: ["/close", "/cut"])
    func closed(path: String) async throws {
        await #expect {
            try await send(path)
        } throws: {
            if case .connection? = $0 as? TransportError { true } else { false }
        }
    }

    @Test("a reply without an end is not collected for ever")
    func endless() async throws {
        await #expect(throws: TransportError.connection("the reply is longer than 32 MiB")) { try await send("/endless") }
    }

    @Test("a server that is not there is named in a sentence")
    func unreachable() async throws {
        let transport = try HTTPTransport(KinesisConfiguration(), certificateBundle: nil)
        let url = try #require(EndpointURL("http://127.0.0.1:1"))
        await #expect {
            try await transport.send(TransportRequest(method: "POST", url: url, timeout: .seconds(5)))
        } throws: {
            guard case .connection(let reason)? = $0 as? TransportError else { return false }
            return reason.hasPrefix("127.0.0.1:1: ") && !reason.contains("NIO")
        }
        await transport.shutdown()
    }

    @Test("a cancelled task ends its exchange")
    func cancelled() async throws {
        let exchange = Task { try await send("/silent") }
        exchange.cancel()
        await #expect(throws: TransportError.cancelled) { try await exchange.value }
    }

    @Test("many requests at once share few connections, and each gets its own reply")
    func shared() async throws {
        let server = try await LocalServer.start(host: "127.0.0.1")
        let transport = try HTTPTransport(KinesisConfiguration(maxConnections: 3), certificateBundle: nil)
        let url = try #require(EndpointURL("http://127.0.0.1:\(server.port)/echo"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let body = ByteBuffer(string: "request \(number)")
                    let reply = try await transport.send(TransportRequest(method: "POST", url: url, body: body, timeout: .seconds(60)))
                    #expect(reply.body == Array(body.readableBytesView))
                }
            }
            try await group.waitForAll()
        }
        #expect(server.connections <= 3)
        await transport.shutdown()
        try await server.stop()
    }

    @Test("a request that waits for a connection ends at its deadline, and with its task")
    func waiting() async throws {
        let server = try await LocalServer.start(host: "127.0.0.1")
        let transport = try HTTPTransport(KinesisConfiguration(maxConnections: 1), certificateBundle: nil)
        func request(_ path: String, _ timeout: Duration) throws -> TransportRequest {
            TransportRequest(method: "POST", url: try #require(EndpointURL("http://127.0.0.1:\(server.port)\(path)")), timeout: timeout)
        }
        let (silent, late) = (try request("/silent", .seconds(600)), try request("/echo", .milliseconds(50)))
        let first = Task { try await transport.send(silent) }
        while server.connections == 0 { await Task.yield() }
        await #expect(throws: TransportError.timeout) { try await transport.send(late) }
        let third = Task { try await transport.send(silent) }
        third.cancel()
        await #expect(throws: TransportError.cancelled) { try await third.value }
        // The first one's end makes room.
        first.cancel()
        await #expect(throws: TransportError.cancelled) { try await first.value }
        #expect(try await transport.send(try request("/echo", .seconds(60))).status == 200)
        await transport.shutdown()
        await #expect(throws: TransportError.cancelled) { try await transport.send(late) }
        try await server.stop()
    }

    @Test("a server that closes its connection after each reply is connected to anew")
    func closing() async throws {
        let server = try await LocalServer.start(host: "127.0.0.1")
        let transport = try HTTPTransport(KinesisConfiguration(), certificateBundle: nil)
        let url = try #require(EndpointURL("http://127.0.0.1:\(server.port)/last"))
        for _ in 1...5 {
            let reply = try await transport.send(TransportRequest(method: "POST", url: url, timeout: .seconds(60)))
            #expect(reply.status == 200)
        }
        #expect(server.connections == 5)
        await transport.shutdown()
        try await server.stop()
    }

    @Test("certificate authorities that cannot be read are an error at the start")
    func certificates() {
        #expect(throws: (any Error).self) { try HTTPTransport(KinesisConfiguration(), certificateBundle: "/does/not/exist") }
    }
}
