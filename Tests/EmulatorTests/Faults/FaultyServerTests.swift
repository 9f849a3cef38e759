import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import Records
import Testing

@testable import Emulator

@Suite("Faults of a server")
struct FaultyServerTests {
    private func withServer<Result>(_ text: String, _ body: (EmulatorServer) async throws -> Result) async throws -> Result {
        var configuration = EmulatorConfiguration(storage: .memory)
        configuration.faults = try faults(text)
        configuration.clock = ManualClock()
        let server = try await EmulatorServer.start(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        await server.stop()
        return try result.get()
    }

    private let create = RawClient.request("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":2}")
    private let put = RawClient.request("PutRecord", "{\"StreamName\":\"s\",\"PartitionKey\":\"k\",\"Data\":\"\"}")
    private let last = RawClient.request("ListStreams", "{}", more: "Connection: close\r\n")

    /// All bytes of a session with failures of several kinds.
    private func session(seed: Int) async throws -> String {
        let rules = """
            seed: \(seed)
            faults:
              - {operation: PutRecords, probability: 0.7, effect: {fail_records: {fraction: 0.3}}}
              - {operation: PutRecord, probability: 0.4, effect: {error: InternalFailure}}
              - {operation: GetShardIterator, every: 2, effect: {error: {code: ServiceUnavailable, status: 503}}}
            """
        let records = (0..<20).map { "{\"PartitionKey\":\"\($0)\",\"Data\":\"AA==\"}" }.joined(separator: ",")
        let puts = RawClient.request("PutRecords", "{\"StreamName\":\"s\",\"Records\":[\(records)]}")
        let iterator = RawClient.request(
            "GetShardIterator", "{\"StreamName\":\"s\",\"ShardId\":\"shardId-000000000000\",\"ShardIteratorType\":\"TRIM_HORIZON\"}")
        let requests = create + (0..<10).map { _ in puts + put + iterator }.joined() + last
        return try await withServer(rules) { try await RawClient.exchange($0, requests) }
    }

    @Test("The same seed, requests and faults give the same bytes, request ids and sequence numbers included")
    func reproducible() async throws {
        let first = try await session(seed: 42)
        #expect(first.contains("ProvisionedThroughputExceededException"))
        #expect(first.contains("InternalFailure"))
        #expect(first.contains("HTTP/1.1 503"))
        #expect(first.contains("SequenceNumber"))
        #expect(try await session(seed: 42) == first)
        #expect(try await session(seed: 43) != first)
    }

    @Test("A connection is cut without a word, before or after the work", arguments: ["before", "after"])
    func hangUp(point: String) async throws {
        try await withServer("faults: [{operation: PutRecord, effect: {cut: \(point)}}]") { server in
            let reply = try await RawClient.exchange(server, create + put)
            #expect(reply.hasPrefix("HTTP/1.1 200 OK"))
            #expect(!reply.contains("SequenceNumber"))
            #expect(try await RawClient.exchange(server, last).contains("\"StreamNames\":[\"s\"]"))
        }
    }

    @Test("A test in the same process exchanges faults while the server runs")
    func injection() async throws {
        try await withServer("faults: []") { server in
            #expect(try await RawClient.exchange(server, last).hasPrefix("HTTP/1.1 200"))
            server.inject(try faults("faults: [{operation: ListStreams, effect: {error: {code: Odd, status: 555}}}]"))
            #expect(try await RawClient.exchange(server, last).hasPrefix("HTTP/1.1 555"))
            server.inject(nil)
            #expect(try await RawClient.exchange(server, last).hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test("A reply is cut in the middle of its body")
    func cutBody() async throws {
        try await withServer("faults: [{operation: PutRecord, effect: {cut: body}}]") { server in
            _ = try await RawClient.exchange(
                server, RawClient.request("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}", more: "Connection: close\r\n"))
            let reply = try await RawClient.exchange(server, put)
            let parts = reply.split(separator: "\r\n\r\n", maxSplits: 1)
            let announced = try #require(Int(reply.split(separator: "Content-Length: ")[1].prefix { $0.isNumber }))
            #expect(parts.count == 2)
            #expect(parts[1].utf8.count == announced / 2)
            #expect(parts[1].hasPrefix("{\"ShardId\""))
        }
    }

    @Test("A reply that never comes leaves the client to its own timeout, and the work is done")
    func silence() async throws {
        try await withServer("faults: [{operation: PutRecord, effect: {timeout: applied}}]") { server in
            _ = try await RawClient.exchange(
                server, RawClient.request("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}", more: "Connection: close\r\n"))
            var request = HTTPClientRequest(url: server.url)
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/x-amz-json-1.1")
            request.headers.add(name: "X-Amz-Target", value: "Kinesis_20131202.PutRecord")
            request.body = .bytes(ByteBuffer(string: "{\"StreamName\":\"s\",\"PartitionKey\":\"lost\",\"Data\":\"\"}"))
            await #expect(throws: HTTPClientError.self) { try await HTTPClient.shared.execute(request, timeout: .milliseconds(300)) }
            let body = "{\"StreamName\":\"s\",\"ShardId\":\"shardId-000000000000\",\"ShardIteratorType\":\"TRIM_HORIZON\"}"
            let iterator = try await RawClient.exchange(server, RawClient.request("GetShardIterator", body, more: "Connection: close\r\n"))
            let token = String(iterator.split(separator: "\r\n\r\n")[1])
            let records = try await RawClient.exchange(server, RawClient.request("GetRecords", token, more: "Connection: close\r\n"))
            #expect(records.contains("\"PartitionKey\":\"lost\""))
        }
    }
}
