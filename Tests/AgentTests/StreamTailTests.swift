import Agent
import Coordination
import Kinesis
import Records
import Synchronization
import Testing

@Suite("The tail of a stream", .timeLimit(.minutes(1)))
struct StreamTailTests {
    /// Shards by name: what each answers, one after the other; an iterator is the shard's name and the number of the answer.
    private struct FakeShards: ShardReading {
        var listed: [String]
        var replies: [String: [Result<GetRecordsReply, KinesisError>]]

        func shardListing(_ stream: StreamIdentifier, filter: ShardFilter?) async throws(KinesisError) -> ShardListing {
            ShardListing(shards: listed.map(FakeShards.shard), servedAt: 0)
        }

        func shardIterator(_ stream: StreamIdentifier, shard: String, at start: IteratorStart) async throws(KinesisError) -> String {
            "\(shard) 0"
        }

        func getRecords(_ iterator: String, limit: Int, stream: StreamIdentifier) async throws(KinesisError) -> GetRecordsReply {
            let parts = iterator.split(separator: " ")
            guard let replies = replies[String(parts[0])], let number = Int(parts[1]), number < replies.count else {
                // Nothing new, for ever.
                return GetRecordsReply(records: [], nextIterator: iterator, millisBehindLatest: 0, childShards: [])
            }
            var reply = try replies[number].get()
            if reply.nextIterator != nil { reply.nextIterator = "\(parts[0]) \(number + 1)" }
            return reply
        }

        static func shard(_ id: String) -> Shard { Shard(id: id, hashRange: .all, startingSequence: SequenceNumber(0)) }
    }

    private static func reply(
        _ texts: [String], isEnd: Bool = false, children: [String] = []
    ) -> Result<GetRecordsReply, KinesisError> {
        let records = texts.map { KinesisRecord(data: Array($0.utf8), partitionKey: "k", sequenceNumber: SequenceNumber(1), arrivedAt: 0) }
        return .success(
            GetRecordsReply(
                records: records, nextIterator: isEnd ? nil : "next", millisBehindLatest: 1, childShards: children.map(FakeShards.shard)))
    }

    private func tail(
        _ shards: FakeShards, limit: Int? = nil, until stop: @escaping @Sendable () async -> Void = { await Never.comes() }
    ) async throws -> [String] {
        let lines = Mutex<[String]>([])
        let tail = StreamTail(client: shards, stream: try #require(StreamIdentifier("s")), start: .trimHorizon, limit: limit) { line in
            lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
        try await tail.run(until: stop)
        return lines.withLock { $0 }
    }

    @Test("ends where every shard has ended, after their children, each read once")
    func closed() async throws {
        let shards = FakeShards(
            listed: ["a", "b"],
            replies: [
                "a": [Self.reply(["a1"], isEnd: true, children: ["c"])], "b": [Self.reply(["b1"], isEnd: true, children: ["c"])],
                "c": [Self.reply(["c1"]), Self.reply(["c2\n"], isEnd: true)],
            ])
        #expect(try await tail(shards).sorted() == ["a1\n", "b1\n", "c1\n", "c2\n"])
    }

    @Test("ends with the error of a shard, though others go on")
    func failure() async throws {
        let error = KinesisError(.notFound, code: "ResourceNotFoundException", message: "gone", operation: "GetRecords")
        let shards = FakeShards(listed: ["a", "b"], replies: ["a": [Self.reply(["a1"]), .failure(error)]])
        await #expect(throws: KinesisError.self) { try await tail(shards) }
    }

    @Test("ends after as many records as it was asked for, though shards go on")
    func limit() async throws {
        let shards = FakeShards(listed: ["a", "b"], replies: ["a": [Self.reply(["1", "2", "3"])]])
        #expect(try await tail(shards, limit: 2) == ["1\n", "2\n"])
    }

    @Test("ends when it is told to")
    func stop() async throws {
        #expect(try await tail(FakeShards(listed: ["a"], replies: [:]), until: {}) == [])
    }
}

extension Never {
    /// Returns only when the task is cancelled.
    fileprivate static func comes() async { try? await Task.sleep(for: .seconds(3_600)) }
}
