import Foundation
import Records
import Testing

@testable import Emulator

@Suite("Reading")
struct ReadingTests {
    private func service(shards: Int = 1, delay: Int64 = 0) async throws -> TestService {
        let service = TestService(stateChangeMilliseconds: delay)
        try await service.call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":\(shards)}")
        return service
    }

    private func keys(_ reply: Value) -> [String] { reply["Records"].elements.compactMap { $0["PartitionKey"].text } }

    @Test("Each type of iterator starts where it should")
    func iteratorTypes() async throws {
        let service = try await service()
        var numbers: [String] = []
        for key in ["a", "b", "c"] {
            numbers.append(try #require(try await service.put([key])["Records"].elements[0]["SequenceNumber"].text))
            service.advance(milliseconds: 1_500)
        }
        let at = ",\"StartingSequenceNumber\":\"\(numbers[1])\""
        for (type, more, expected) in [
            ("TRIM_HORIZON", "", ["a", "b", "c"]), ("LATEST", "", []), ("AT_SEQUENCE_NUMBER", at, ["b", "c"]),
            ("AFTER_SEQUENCE_NUMBER", at, ["c"]), ("AT_TIMESTAMP", ",\"Timestamp\":1800000001.5", ["b", "c"]),
            ("AT_TIMESTAMP", ",\"Timestamp\":1800000001.501", ["c"]), ("AT_TIMESTAMP", ",\"Timestamp\":0", ["a", "b", "c"]),
            ("AT_TIMESTAMP", ",\"Timestamp\":1800000004", []),
        ] {
            let iterator = try await service.iterator(0, type, more)
            #expect(keys(try await service.read(iterator["ShardIterator"])) == expected, "\(type)\(more)")
        }
        let latest = try await service.iterator(0, "LATEST")["ShardIterator"]
        _ = try await service.put(["d"])
        #expect(keys(try await service.read(latest)) == ["d"])
    }

    @Test(
        "An iterator that cannot be is refused",
        arguments: [
            ("AT_SEQUENCE_NUMBER", "", "InvalidArgumentException"), ("AT_TIMESTAMP", "", "InvalidArgumentException"),
            ("AT_TIMESTAMP", ",\"Timestamp\":1800000000.001", "InvalidArgumentException"),
            ("AT_SEQUENCE_NUMBER", ",\"StartingSequenceNumber\":\"5\"", "InvalidArgumentException"),
            ("AT_SEQUENCE_NUMBER", ",\"StartingSequenceNumber\":\"05\"", "ValidationException"),
            ("SOMEWHERE", "", "ValidationException"),
        ])
    func refusedIterators(type: String, more: String, code: String) async throws {
        let service = try await service()
        #expect(try await service.iterator(0, type, more)["__type"].text == code)
    }

    @Test("A sequence number of another shard is refused")
    func foreignSequence() async throws {
        let service = try await service(shards: 2)
        let record = try await service.put(["x"], hashKey: "0")["Records"].elements[0]
        let more = ",\"StartingSequenceNumber\":\"\(record["SequenceNumber"].text ?? "")\""
        #expect(try await service.iterator(0, "AT_SEQUENCE_NUMBER", more)["ShardIterator"] != .null)
        #expect(try await service.iterator(1, "AT_SEQUENCE_NUMBER", more)["__type"].text == "InvalidArgumentException")
    }

    @Test("An iterator works for five minutes, and each read gives a fresh one")
    func expiry() async throws {
        let service = try await service()
        let first = try await service.iterator()["ShardIterator"]
        service.advance(milliseconds: 300_000)
        let second = try await service.read(first)["NextShardIterator"]
        service.advance(milliseconds: 1)
        #expect(try await service.read(first)["__type"].text == "ExpiredIteratorException")
        #expect(try await service.read(second)["NextShardIterator"] != .null)
    }

    @Test("MillisBehindLatest is the age of the last record read, and 0 at the tip alone")
    func behind() async throws {
        let service = try await service()
        _ = try await service.put(["a", "b", "c"])
        let sameMoment = try await service.read(try await service.iterator()["ShardIterator"], limit: 2)
        #expect(sameMoment["MillisBehindLatest"] == .int(1))
        service.advance(milliseconds: 700)
        let reply = try await service.read(try await service.iterator()["ShardIterator"], limit: 2)
        #expect(reply["MillisBehindLatest"] == .int(700))
        #expect(try await service.read(reply["NextShardIterator"])["MillisBehindLatest"] == .int(0))
    }

    @Test("One reply has at most 10,000 records")
    func recordCap() async throws {
        let service = try await service()
        for _ in 0..<21 { _ = try await service.put(Array(repeating: "k", count: 500)) }
        let iterator = try await service.iterator()["ShardIterator"].text ?? ""
        let reply = try await service.call("GetRecords", "{\"ShardIterator\":\"\(iterator)\"}")
        #expect(reply["Records"].elements.count == 10_000)
        #expect(try await service.read(reply["NextShardIterator"])["Records"].elements.count == 500)
    }

    @Test("One reply has at most 10 MiB of data and keys")
    func byteCap() async throws {
        let service = try await service()
        let data = Data(count: (1 << 20) - 1).base64EncodedString()
        for _ in 0..<11 { _ = try await service.put(["k"], data: data) }
        let reply = try await service.read(try await service.iterator()["ShardIterator"])
        #expect(reply["Records"].elements.count == 10)
        #expect(try await service.read(reply["NextShardIterator"])["Records"].elements.count == 1)
    }

    @Test("A closed shard ends with its children and without an iterator, once it is read", arguments: [1, 3, 10_000])
    func shardEnd(limit: Int) async throws {
        let service = try await service()
        _ = try await service.put(["a", "b", "c"])
        let tip = try await service.iterator(0, "LATEST")["ShardIterator"]
        let middle = "170141183460469231731687303715884105728"
        try await service.call(
            "SplitShard", "{\"StreamName\":\"s\",\"ShardToSplit\":\"shardId-000000000000\",\"NewStartingHashKey\":\"\(middle)\"}")
        let (keys, last) = try await service.readAll(0, limit: limit)
        #expect(keys == ["a", "b", "c"])
        #expect(last["NextShardIterator"] == .null)
        #expect(last["MillisBehindLatest"] == .int(0))
        let children = last["ChildShards"].elements
        #expect(children.map { $0["ShardId"].text } == ["shardId-000000000001", "shardId-000000000002"])
        #expect(children.map { $0["ParentShards"].elements } == [[.string("shardId-000000000000")], [.string("shardId-000000000000")]])
        #expect(children[1]["HashKeyRange"]["StartingHashKey"].text == middle)
        #expect(try await service.read(tip)["ChildShards"].elements.count == 2)
    }

    @Test(
        "While puts and resharding run side by side nothing acknowledged is lost, doubled, or out of order",
        arguments: StoreContractTests.Kind.allCases)
    func resharding(kind: StoreContractTests.Kind) async throws {
        try await TemporaryFolder.use { folder in
            let store: any StreamStore = kind == .memory ? MemoryStore() : try SQLiteStore(directory: folder)
            let service = TestService(store: store)
            try await service.call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}")
            try await withThrowingTaskGroup { group in
                for writer in 0..<4 {
                    group.addTask {
                        for number in 0..<50 {
                            let reply = try await service.put((0..<5).map { "\(writer)-\(number)-\($0)" })
                            #expect(reply["FailedRecordCount"] == .int(0))
                        }
                    }
                }
                group.addTask {
                    // Splits the lower child again and again, then merges the two highest.
                    for step in 1...6 {
                        let body = "{\"StreamName\":\"s\",\"ShardToSplit\":\"\(ShardState.id(step == 1 ? 0 : 2 * step - 3))\","
                        let reply = try await service.call(
                            "SplitShard", body + "\"NewStartingHashKey\":\"\(UInt128.max >> UInt128(step))\"}")
                        #expect(reply == .null)
                    }
                    let merge =
                        "{\"StreamName\":\"s\",\"ShardToMerge\":\"shardId-000000000004\",\"AdjacentShardToMerge\":\"shardId-000000000002\"}"
                    #expect(try await service.call("MergeShards", merge) == .null)
                }
                try await group.waitForAll()
            }
            var read: [String] = []
            for shard in 0...13 {
                let (keys, last) = try await service.readAll(shard, limit: 7)
                for writer in 0..<4 {
                    let own = keys.filter { $0.hasPrefix("\(writer)-") }.map { $0.split(separator: "-").compactMap { Int($0) } }
                    #expect(zip(own, own.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
                }
                #expect((last["NextShardIterator"] == .null) == !last["ChildShards"].elements.isEmpty)
                read += keys
            }
            let sent = (0..<4).flatMap { writer in (0..<50).flatMap { number in (0..<5).map { "\(writer)-\(number)-\($0)" } } }
            #expect(read.sorted() == sent.sorted())
            await store.close()
        }
    }

    @Test("Retention takes records away, and an iterator from before goes on with those that are left")
    func retention() async throws {
        let service = try await service()
        _ = try await service.put(["old"])
        service.advance(milliseconds: 24 * 3_600_000)
        _ = try await service.put(["new"])
        let iterator = try await service.iterator()["ShardIterator"]
        try await service.dispatcher.engine.trim()
        #expect(keys(try await service.read(iterator)) == ["old", "new"])
        service.advance(milliseconds: 1)
        try await service.dispatcher.engine.trim()
        #expect(keys(try await service.read(iterator)) == ["new"])
    }

    @Test(
        "An iterator is read through the ARN of its own stream alone",
        arguments: [("s", nil), ("t", "InvalidArgumentException")] as [(String, String?)])
    func foreignARN(name: String, code: String?) async throws {
        let service = try await service()
        try await service.call("CreateStream", "{\"StreamName\":\"t\",\"ShardCount\":1}")
        let iterator = try await service.iterator()["ShardIterator"].text ?? ""
        let arn = "arn:aws:kinesis:us-east-1:000000000000:stream/\(name)"
        let reply = try await service.call("GetRecords", "{\"ShardIterator\":\"\(iterator)\",\"StreamARN\":\"\(arn)\"}")
        #expect(reply["__type"].text == code)
    }

    @Test("A deleted stream's iterators find nothing, not even in a stream of the same name")
    func deletion() async throws {
        let service = try await service()
        let iterator = try await service.iterator()["ShardIterator"]
        try await service.call("DeleteStream", "{\"StreamName\":\"s\"}")
        try await service.call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}")
        #expect(try await service.read(iterator)["__type"].text == "ResourceNotFoundException")
    }
}
