import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Records
import Testing

@testable import Emulator

@Suite("Server")
struct ServerTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func withServer(
        _ storage: EmulatorConfiguration.Storage = .memory, _ body: (EmulatorServer) async throws -> Void
    ) async throws {
        let server = try await EmulatorServer.start(EmulatorConfiguration(storage: storage), logger: logger)
        do {
            try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func post(_ server: EmulatorServer, _ operation: String, _ body: String) async throws -> (HTTPClientResponse, String) {
        var request = HTTPClientRequest(url: server.url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-amz-json-1.1")
        request.headers.add(name: "X-Amz-Target", value: "Kinesis_20131202.\(operation)")
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        return (response, String(buffer: try await response.body.collect(upTo: 32 << 20)))
    }

    /// What the server sends until it closes the connection.
    private func exchange(_ server: EmulatorServer, _ bytes: ByteBuffer) async throws -> String {
        let port = try #require(server.url.split(separator: ":").last.flatMap { Int($0) })
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port) {
            channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel) }
        }
        return try await channel.executeThenClose { inbound, outbound in
            // The server may hang up before it has read all.
            try? await outbound.write(bytes)
            var received = ByteBuffer()
            do {
                for try await part in inbound { received.writeImmutableBuffer(part) }
            } catch is IOError {}
            return String(buffer: received)
        }
    }

    private static func request(_ operation: String, _ body: String, more: String = "") -> String {
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: Kinesis_20131202.\(operation)\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\(more)\r\n\(body)"
    }

    @Test("Replies carry AWS's headers, and errors AWS's shape")
    func headers() async throws {
        try await withServer { server in
            let (ok, body) = try await post(server, "ListStreams", "{}")
            #expect(ok.status == .ok)
            #expect(body == "{\"StreamNames\":[],\"HasMoreStreams\":false,\"StreamSummaries\":[]}")
            #expect(ok.headers.first(name: "x-amzn-requestid")?.count == 36)
            #expect(ok.headers.first(name: "x-amz-id-2")?.count == 76)
            #expect(ok.headers.first(name: "content-type") == "application/x-amz-json-1.1")
            let (failed, error) = try await post(server, "DescribeStream", "{\"StreamName\":\"x\"}")
            #expect(failed.status == .badRequest)
            #expect(error == "{\"__type\":\"ResourceNotFoundException\",\"message\":\"Stream x under account 000000000000 not found.\"}")
            #expect(failed.headers.first(name: "x-amzn-requestid") != ok.headers.first(name: "x-amzn-requestid"))
        }
    }

    @Test("Pipelined requests are answered in their order")
    func pipelining() async throws {
        try await withServer { server in
            let requests =
                Self.request("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}")
                + (0..<50).map { Self.request("PutRecord", "{\"StreamName\":\"s\",\"PartitionKey\":\"\($0)\",\"Data\":\"\"}") }.joined()
                + Self.request("Nonsense", "{}", more: "Connection: close\r\n")
            let reply = try await exchange(server, ByteBuffer(string: requests))
            let numbers = reply.split(separator: "\"SequenceNumber\":\"").dropFirst().compactMap { SequenceNumber(String($0.prefix(56))) }
            #expect(numbers.count == 50)
            #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
            #expect(
                reply.hasSuffix("{\"__type\":\"UnknownOperationException\",\"message\":\"Unknown operation Kinesis_20131202.Nonsense\"}"))
        }
    }

    @Test(
        "What is no request of the API is answered, and the server goes on",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 404"),
            ("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 404"),
            ("PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc", "HTTP/1.1 404"),
            ("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", "HTTP/1.1 404"),
            ("POST / HTTP/1.0\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.0 400"),
            ("garbage\r\n\r\n", "HTTP/1.1 400"), ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", "HTTP/1.1 400"),
            ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", "HTTP/1.1 400"),
            ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 400"),
        ])
    func malformed(request: String, status: String) async throws {
        try await withServer { server in
            let reply = try await exchange(server, ByteBuffer(string: request))
            #expect(reply.hasPrefix(status))
            let (next, _) = try await post(server, "ListStreams", "{}")
            #expect(next.status == .ok)
        }
    }

    @Test("Bytes that are not text, and JSON without end, are SerializationException")
    func hostileBodies() async throws {
        try await withServer { server in
            let deep = String(repeating: "[", count: 100_000)
            for body in [deep, "{\"StreamName\":\"\u{0}", "{\"Records\":" + deep, "nul", "\"s\"", "1e999999"] {
                let (response, error) = try await post(server, "PutRecords", body)
                #expect(response.status == .badRequest)
                #expect(error.hasPrefix("{\"__type\":\"SerializationException\""))
            }
            var request = ByteBuffer(string: Self.request("PutRecords", "xxxx", more: "Connection: close\r\n"))
            request.setBytes([0xff, 0xfe, 0x00, 0x80], at: request.writerIndex - 4)
            #expect(try await exchange(server, request).contains("SerializationException"))
        }
    }

    @Test("A body beyond 16 MiB is answered with 413, whether its length was said or not")
    func oversize() async throws {
        try await withServer { server in
            let declared = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: 99999999\r\n\r\n"
            let early = try await exchange(server, ByteBuffer(string: declared))
            #expect(early.hasPrefix("HTTP/1.1 413"))
            var chunked = ByteBuffer(string: "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<17 {
                chunked.writeString("100000\r\n")
                chunked.writeRepeatingByte(UInt8(ascii: " "), count: 1 << 20)
                chunked.writeString("\r\n")
            }
            let late = try await exchange(server, chunked)
            #expect(late.hasPrefix("HTTP/1.1 413"))
            let (next, _) = try await post(server, "ListStreams", "{}")
            #expect(next.status == .ok)
        }
    }

    @Test("A stopped server frees its folder, and the next one has all records")
    func restart() async throws {
        try await TemporaryFolder.use { folder in
            try await withServer(.directory(folder)) { server in
                _ = try await post(server, "CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}")
                _ = try await post(server, "PutRecord", "{\"StreamName\":\"s\",\"PartitionKey\":\"k\",\"Data\":\"aGVsbG8=\"}")
                let failure = try await #require(throws: Failure.self) {
                    try await EmulatorServer.start(EmulatorConfiguration(storage: .directory(folder)), logger: logger)
                }
                #expect(failure.code == "state_in_use")
            }
            try await withServer(.directory(folder)) { server in
                let iterator = "{\"StreamName\":\"s\",\"ShardId\":\"shardId-000000000000\",\"ShardIteratorType\":\"TRIM_HORIZON\"}"
                let (_, reply) = try await post(server, "GetShardIterator", iterator)
                let (_, records) = try await post(server, "GetRecords", reply)
                #expect(records.contains("\"Data\":\"aGVsbG8=\",\"PartitionKey\":\"k\""))
            }
        }
    }

    @Test("A port that is taken is a failure")
    func portTaken() async throws {
        try await withServer { server in
            var configuration = EmulatorConfiguration(storage: .memory)
            configuration.port = try #require(server.url.split(separator: ":").last.flatMap { Int($0) })
            let failure = try await #require(throws: Failure.self) { try await EmulatorServer.start(configuration, logger: logger) }
            #expect(failure.code == "address_unusable")
        }
    }
}
