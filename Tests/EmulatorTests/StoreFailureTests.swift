import NIOHTTP1
import Records
import Synchronization
import Testing

@testable import Emulator

@Suite("Store failures")
struct StoreFailureTests {
    /// A memory store whose disk can be full.
    private final class FullStore: StreamStore {
        struct DiskIsFull: Error {}

        let isFull = Mutex(false)
        let memory = MemoryStore()

        func enqueue(_ changes: [StoreChange], done: @escaping @Sendable (Result<Void, any Error>) -> Void) {
            guard !isFull.withLock({ $0 }) else {
                // From elsewhere, as a store that writes in the background does.
                Task { done(.failure(DiskIsFull())) }
                return
            }
            memory.enqueue(changes, done: done)
        }

        func records(shard: Int64, from counter: Int64, limit: Int, byteLimit: Int) async throws -> RecordPage {
            try await memory.records(shard: shard, from: counter, limit: limit, byteLimit: byteLimit)
        }

        func counter(shard: Int64, arrivedAtOrAfter moment: Int64) async throws -> Int64 {
            try await memory.counter(shard: shard, arrivedAtOrAfter: moment)
        }

        func close() async {}
    }

    private func service() async throws -> (TestService, FullStore) {
        let store = FullStore()
        let service = TestService(store: store)
        try await service.call("CreateStream", "{\"StreamName\":\"s\",\"ShardCount\":1}")
        return (service, store)
    }

    @Test("A put that was not stored is not acknowledged, and later ones go on")
    func puts() async throws {
        let (service, store) = try await service()
        _ = try await service.put(["a"])
        store.isFull.withLock { $0 = true }
        let reply = await service.reply("PutRecord", "{\"StreamName\":\"s\",\"PartitionKey\":\"b\",\"Data\":\"\"}")
        #expect(reply.status == .internalServerError)
        store.isFull.withLock { $0 = false }
        #expect(try await service.put(["c"])["FailedRecordCount"] == .int(0))
        #expect(try await service.readAll(0).keys == ["a", "c"])
    }

    @Test("After a split that was not stored nothing is written any more: its children would be missing after a restart")
    func structure() async throws {
        let (service, store) = try await service()
        store.isFull.withLock { $0 = true }
        let split = "{\"StreamName\":\"s\",\"ShardToSplit\":\"shardId-000000000000\",\"NewStartingHashKey\":\"9\"}"
        #expect(try await service.call("SplitShard", split)["__type"].text == "InternalFailure")
        store.isFull.withLock { $0 = false }
        #expect(try await service.put(["a"])["__type"].text == "InternalFailure")
        // Its end was never stored, so it has none.
        #expect(try await service.readAll(0).last["NextShardIterator"] != .null)
    }
}
