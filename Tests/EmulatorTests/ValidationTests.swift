import Foundation
import Records
import Testing

@testable import Emulator

@Suite("Validation")
struct ValidationTests {
    private func service() async throws -> TestService {
        let service = TestService()
        try await service.call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}")
        return service
    }

    @Test(
        "Violated constraints are reported in the words of AWS",
        arguments: [
            (
                "DescribeStream", "{\"StreamName\":\"a b\"}",
                "1 validation error detected: Value 'a b' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
            ),
            (
                "GetRecords", "{}",
                "1 validation error detected: Value null at 'shardIterator' failed to satisfy constraint: Member must not be null"
            ),
            (
                "GetRecords", "{\"ShardIterator\":\"x\",\"Limit\":10001}",
                "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000"
            ),
            (
                "PutRecords",
                "{\"StreamName\":\"s\",\"Records\":[{\"Data\":\"\",\"PartitionKey\":\"k\"},{\"PartitionKey\":\"\",\"ExplicitHashKey\":\"01\"}]}",
                "3 validation errors detected: Value null at 'records.2.member.data' failed to satisfy constraint: Member must not be null; Value '01' at 'records.2.member.explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38}); Value '' at 'records.2.member.partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1"
            ),
            (
                "ListShards", "{\"StreamName\":\"s\",\"ShardFilter\":{\"Type\":\"ALL\"}}",
                "1 validation error detected: Value 'ALL' at 'shardFilter.type' failed to satisfy constraint: Member must satisfy enum value set: [AFTER_SHARD_ID, AT_TRIM_HORIZON, FROM_TRIM_HORIZON, AT_LATEST, AT_TIMESTAMP, FROM_TIMESTAMP]"
            ),
        ])
    func messages(operation: String, body: String, message: String) async throws {
        let reply = try await service().call(operation, body)
        #expect(reply["__type"].text == "ValidationException")
        #expect(reply["message"].text == message)
    }

    @Test(
        "What is wrong has the code of AWS",
        arguments: [
            ("PutRecord", "{", "SerializationException"), ("PutRecord", "[]", "SerializationException"),
            ("PutRecord", "{\"StreamName\":7}", "SerializationException"),
            ("PutRecord", "{\"StreamName\":\"s\",\"PartitionKey\":\"k\",\"Data\":\"*\"}", "SerializationException"),
            ("PutRecord", "{\"PartitionKey\":\"k\",\"Data\":\"\"}", "InvalidArgumentException"),
            ("PutRecord", "{\"StreamName\":\"x\",\"PartitionKey\":\"k\",\"Data\":\"\"}", "ResourceNotFoundException"),
            (
                "PutRecord",
                "{\"StreamName\":\"s\",\"PartitionKey\":\"k\",\"Data\":\"\",\"ExplicitHashKey\":\"340282366920938463463374607431768211456\"}",
                "InvalidArgumentException"
            ),
            ("PutRecords", "{\"StreamName\":\"s\",\"Records\":[{\"PartitionKey\":\"k\",\"Data\":\"AA=\"}]}", "SerializationException"),
            ("PutRecords", "{\"StreamName\":\"s\",\"Records\":{}}", "SerializationException"),
            ("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}", "ResourceInUseException"),
            ("CreateStream", "{\"StreamName\":\"t\"}", "InvalidArgumentException"),
            ("CreateStream", "{\"StreamName\":\"t\",\"ShardCount\":0}", "ValidationException"),
            ("CreateStream", "{\"StreamName\":\"t\",\"ShardCount\":2147483647}", "LimitExceededException"),
            ("CreateStream", "{\"StreamName\":\"t\",\"ShardCount\":1.5}", "SerializationException"),
            ("DescribeStream", "{\"StreamARN\":\"arn:aws:kinesis:us-east-1:111111111111:stream/s\"}", "ResourceNotFoundException"),
            ("DescribeStream", "{\"StreamARN\":\"arn:aws:sqs:us-east-1:000000000000:s\"}", "ValidationException"),
            (
                "GetShardIterator", "{\"StreamName\":\"s\",\"ShardId\":\"shardId-000000000009\",\"ShardIteratorType\":\"LATEST\"}",
                "ResourceNotFoundException"
            ),
            ("ListShards", "{\"StreamName\":\"s\",\"ShardFilter\":{\"Type\":\"AT_TIMESTAMP\"}}", "InvalidArgumentException"),
            ("ListShards", "{\"NextToken\":\"x\"}", "InvalidArgumentException"),
            ("Nonsense", "{}", "UnknownOperationException"),
        ])
    func codes(operation: String, body: String, code: String) async throws {
        #expect(try await service().call(operation, body)["__type"].text == code)
    }

    @Test("Partition keys count characters, not bytes", arguments: [(256, nil), (257, "ValidationException")] as [(Int, String?)])
    func keyLength(count: Int, code: String?) async throws {
        #expect(try await service().put([String(repeating: "é", count: count)])["__type"].text == code)
    }

    @Test(
        "A request has 1 to 500 records",
        arguments: [(0, "ValidationException"), (500, nil), (501, "ValidationException")] as [(Int, String?)])
    func recordCount(count: Int, code: String?) async throws {
        #expect(try await service().put(Array(repeating: "k", count: count))["__type"].text == code)
    }

    @Test(
        "A record may fill the stream's limit, its key included, and no more",
        arguments: [(0, nil), (1, "InvalidArgumentException")] as [(Int, String?)])
    func recordSize(excess: Int, code: String?) async throws {
        let data = Data(count: (1 << 20) - 3 + excess).base64EncodedString()
        #expect(try await service().put(["key"], data: data)["__type"].text == code)
    }

    @Test("A request may hold 10 MiB and no more; what is refused stores nothing")
    func requestSize() async throws {
        let service = try await service()
        let data = Data(count: 1_048_575).base64EncodedString()
        #expect(try await service.put(Array(repeating: "k", count: 10), data: data)["__type"].text == nil)
        #expect(try await service.put(Array(repeating: "k", count: 11), data: data)["__type"].text == "InvalidArgumentException")
        #expect(try await service.readAll(0).keys.count == 10)
    }
}
