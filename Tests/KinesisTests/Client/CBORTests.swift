import NIOCore
import NIOHTTP1
import OrderedCollections
import Records
import Testing
import Wire

@testable import Kinesis

@Suite("Calls in CBOR")
struct CBORTests {
    private let stream = StreamIdentifier("orders")!

    private func client(_ transport: FakeTransport, _ wire: WirePreference?, endpoint: String? = nil) async throws -> KinesisClient {
        try await .fake(transport) {
            $0.wire = wire
            $0.endpoint = endpoint
        }
    }

    private func put(_ client: KinesisClient) async throws -> [PutResult] {
        try await client.perform(PutRecords(target: stream, entries: [PutEntry(data: [0, 255], partitionKey: "k", explicitHashKey: "7")]))
    }

    private static let stored: TransportReply = cbor { bytes in
        bytes.append(CBORWriter.openMap)
        text("Records", &bytes)
        bytes += [CBORWriter.openList, CBORWriter.openMap]
        text("ShardId", &bytes)
        text("shardId-000000000000", &bytes)
        text("SequenceNumber", &bytes)
        text("42", &bytes)
        bytes += [CBORWriter.close, CBORWriter.close, CBORWriter.close]
    }

    private static func cbor(status: Int = 200, _ write: (inout [UInt8]) -> Void) -> TransportReply {
        var bytes: [UInt8] = []
        write(&bytes)
        return TransportReply(status: status, headers: ["Content-Type": WireFormat.cbor.rawValue], body: bytes)
    }

    private static func text(_ text: String, _ bytes: inout [UInt8]) {
        CBORWriter.textHead(count: text.utf8.count, into: &bytes)
        bytes += text.utf8
    }

    @Test("records are put as bytes, and their results read")
    func putRecords() async throws {
        let transport = FakeTransport([Self.stored])
        #expect(try await put(client(transport, .cbor)) == [.stored(shard: "shardId-000000000000", sequence: SequenceNumber(42))])
        let request = try #require(transport.requests.first)
        #expect(request.header("content-type") == "application/x-amz-cbor-1.1")
        let body = try request.body.withUnsafeReadableBytes { try CBORReader.parse($0) }
        let record = Value.map(["Data": .bytes([0, 255]), "PartitionKey": .string("k"), "ExplicitHashKey": .string("7")])
        #expect(body == .map(["StreamName": .string("orders"), "Records": .list([record])]))
    }

    @Test("records are read as bytes, with their moment in milliseconds")
    func getRecords() async throws {
        let reply = Self.cbor { bytes in
            bytes.append(CBORWriter.openMap)
            Self.text("Records", &bytes)
            bytes += [CBORWriter.openList, CBORWriter.openMap]
            Self.text("Data", &bytes)
            CBORWriter.bytes([1, 2], into: &bytes)
            Self.text("PartitionKey", &bytes)
            Self.text("k", &bytes)
            Self.text("SequenceNumber", &bytes)
            Self.text("7", &bytes)
            Self.text("ApproximateArrivalTimestamp", &bytes)
            CBORWriter.integer(1_767_323_045_123, into: &bytes)
            bytes += [CBORWriter.close, CBORWriter.close]
            Self.text("MillisBehindLatest", &bytes)
            CBORWriter.integer(0, into: &bytes)
            bytes.append(CBORWriter.close)
        }
        let client = try await client(FakeTransport([reply]), .cbor)
        let page = try await client.perform(GetRecords(iterator: "i", limit: 10, source: stream))
        #expect(
            page.records == [
                KinesisRecord(data: [1, 2], partitionKey: "k", sequenceNumber: SequenceNumber(7), arrivedAt: 1_767_323_045_123)
            ])
        #expect(page.nextIterator == nil)
        #expect(page.millisBehindLatest == 0)
    }

    @Test("an error in CBOR is understood")
    func error() async throws {
        let reply = Self.cbor(status: 400) { bytes in
            bytes.append(CBORWriter.openMap)
            Self.text("__type", &bytes)
            Self.text("ResourceNotFoundException", &bytes)
            bytes.append(CBORWriter.close)
        }
        let client = try await client(FakeTransport([reply]), .cbor)
        await #expect { _ = try await put(client) } throws: { ($0 as? KinesisError)?.kind == .notFound }
    }

    private static let json = #"{"Records":[{"ShardId":"s","SequenceNumber":"1"}]}"#

    @Test(
        "a server that takes no CBOR is spoken to in JSON from then on",
        arguments: [
            TransportReply.error("SerializationException"), .error("UnknownOperationException", status: 404), .text("", status: 415),
            .text("<html>", status: 500), .text("{}", status: 200),
        ])
    func fallback(refusal: TransportReply) async throws {
        let transport = FakeTransport([refusal, .json(Self.json), .json(Self.json)])
        let client = try await client(transport, .auto)
        _ = try await put(client)
        _ = try await put(client)
        #expect(
            transport.requests.map { $0.header("content-type") } == [
                "application/x-amz-cbor-1.1", "application/x-amz-json-1.1", "application/x-amz-json-1.1",
            ])
    }

    @Test(
        "who says nothing writes CBOR to AWS, and JSON to what stands in its place",
        arguments: [
            (nil, "application/x-amz-cbor-1.1"), ("https://kinesis.eu-west-1.amazonaws.com", "application/x-amz-cbor-1.1"),
            ("https://vpce-1-2.kinesis.eu-west-1.vpce.amazonaws.com", "application/x-amz-cbor-1.1"),
            ("http://localhost:4566", "application/x-amz-json-1.1"), ("https://notamazonaws.com", "application/x-amz-json-1.1"),
        ] as [(String?, String)])
    func unsaid(endpoint: String?, type: String) async throws {
        let transport = FakeTransport([type == WireFormat.cbor.rawValue ? Self.stored : .json(Self.json)])
        _ = try await put(client(transport, nil, endpoint: endpoint))
        #expect(transport.requests.map { $0.header("content-type") } == [type])
    }

    @Test("an error of the API is no refusal")
    func apiError() async throws {
        let transport = FakeTransport([.error("ResourceNotFoundException")])
        let client = try await client(transport, .auto)
        await #expect(throws: KinesisError.self) { _ = try await put(client) }
        #expect(transport.requests.count == 1)
    }
}
