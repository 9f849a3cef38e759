import Records
import Testing

@testable import Emulator

@Suite("Listing")
struct ListingTests {
    private func shards(_ reply: Value) -> [Int] { reply["Shards"].elements.compactMap { $0["ShardId"].text.flatMap(ShardState.index) } }

    /// Shards 0 and 1 from 1800000000 on; a second later 0 was split into 2 and 3.
    private func service() async throws -> TestService {
        let service = TestService()
        try await service.call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":2}")
        service.advance(milliseconds: 1_000)
        try await service.call(
            "SplitShard", "{\"StreamName\":\"s\",\"ShardToSplit\":\"shardId-000000000000\",\"NewStartingHashKey\":\"9\"}")
        return service
    }

    @Test(
        "Each filter lists its shards",
        arguments: [
            ("{\"Type\":\"FROM_TRIM_HORIZON\"}", [0, 1, 2, 3]), ("{\"Type\":\"AT_LATEST\"}", [1, 2, 3]),
            ("{\"Type\":\"AT_TRIM_HORIZON\"}", [0, 1]),
            ("{\"Type\":\"AFTER_SHARD_ID\",\"ShardId\":\"shardId-000000000001\"}", [2, 3]),
            ("{\"Type\":\"AT_TIMESTAMP\",\"Timestamp\":1800000000.999}", [0, 1]),
            ("{\"Type\":\"AT_TIMESTAMP\",\"Timestamp\":1800000001}", [1, 2, 3]),
            ("{\"Type\":\"AT_TIMESTAMP\",\"Timestamp\":5}", [0, 1]), ("{\"Type\":\"FROM_TIMESTAMP\",\"Timestamp\":1800000001}", [1, 2, 3]),
            ("{\"Type\":\"FROM_TIMESTAMP\",\"Timestamp\":1800000000.999}", [0, 1, 2, 3]),
        ])
    func filters(filter: String, expected: [Int]) async throws {
        let service = try await service()
        let reply = try await service.call("ListShards", "{\"StreamName\":\"s\",\"ShardFilter\":\(filter)}")
        #expect(shards(reply) == expected)
        // The same, a shard at a time.
        var page = try await service.call("ListShards", "{\"StreamName\":\"s\",\"MaxResults\":1,\"ShardFilter\":\(filter)}")
        var paged = shards(page)
        while let token = page["NextToken"].text {
            page = try await service.call("ListShards", "{\"NextToken\":\"\(token)\",\"MaxResults\":1}")
            paged += shards(page)
        }
        #expect(paged == expected)
    }

    @Test("A page has 1,000 shards unless more are asked for")
    func defaultPage() async throws {
        let service = TestService()
        try await service.call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1001}")
        let page = try await service.call("ListShards", "{\"StreamName\":\"s\"}")
        #expect(shards(page).count == 1_000)
        let rest = try await service.call("ListShards", "{\"NextToken\":\"\(page["NextToken"].text ?? "")\"}")
        #expect(shards(rest) == [1_000] && rest["NextToken"] == .null)
    }

    @Test(
        "NextToken stands alone",
        arguments: [
            "\"StreamName\":\"s\"", "\"ShardFilter\":{\"Type\":\"AT_LATEST\"}", "\"ExclusiveStartShardId\":\"shardId-000000000000\"",
        ])
    func tokenAlone(more: String) async throws {
        let service = try await service()
        let token = try await service.call("ListShards", "{\"StreamName\":\"s\",\"MaxResults\":1}")["NextToken"].text ?? ""
        #expect(try await service.call("ListShards", "{\"NextToken\":\"\(token)\",\(more)}")["__type"].text == "InvalidArgumentException")
        service.advance(milliseconds: 300_001)
        #expect(try await service.call("ListShards", "{\"NextToken\":\"\(token)\"}")["__type"].text == "ExpiredNextTokenException")
    }

    @Test("Streams are listed by name, in pages")
    func streams() async throws {
        let service = TestService()
        for name in ["c", "a", "b"] { try await service.call("CreateStream", "{\"StreamName\":\"\(name)\",\"ShardCount\":1}") }
        let page = try await service.call("ListStreams", "{\"Limit\":2}")
        #expect(page["StreamNames"].elements.map(\.text) == ["a", "b"] && page["HasMoreStreams"] == .bool(true))
        let rest = try await service.call("ListStreams", "{\"NextToken\":\"\(page["NextToken"].text ?? "")\"}")
        #expect(rest["StreamNames"].elements.map(\.text) == ["c"] && rest["HasMoreStreams"] == .bool(false))
        #expect(try await service.call("ListStreams", "{\"ExclusiveStartStreamName\":\"b\"}")["StreamNames"].elements.map(\.text) == ["c"])
    }

    @Test("A description pages through the shards")
    func description() async throws {
        let service = try await service()
        let body = "{\"StreamName\":\"s\",\"Limit\":2,\"ExclusiveStartShardId\":\"shardId-000000000000\"}"
        let reply = try await service.call("DescribeStream", body)["StreamDescription"]
        #expect(shards(reply) == [1, 2] && reply["HasMoreShards"] == .bool(true))
        #expect(reply["StreamCreationTimestamp"] == .double(1_800_000_000))
    }
}
