import Foundation
import Logging
import Records
import Testing

@testable import Emulator

@Suite("SQLite store")
struct SQLiteStoreTests {
    @Test("What was acknowledged is there when the files are copied away from a running process, as after kill -9")
    func crash() async throws {
        try await TemporaryFolder.use { folder in
            try await TemporaryFolder.use { copy in
                let store = try SQLiteStore(directory: folder)
                var streams = Streams(accountID: "000000000000", region: "us-east-1")
                try await store.commit(streams.create("orders", shardCount: 2, mode: .provisioned, recordKibibytes: 2_048, at: 1_000))
                let keys = streams.byName["orders"]?.shards.map(\.key) ?? []
                let placements = try streams.place(Array(repeating: 0, count: 10), into: "orders", at: 2_000)
                let changes = try streams.split("orders", shard: "shardId-000000000001", at: .max - 5, now: 3_000).changes
                try await store.commit([
                    .append(placements.map { record(shard: $0.shardKey, counter: $0.counter, arrivedAt: $0.arrivedAt) })
                ])
                try await store.commit(changes)
                try FileManager.default.copyItem(atPath: folder, toPath: copy)
                await store.close()

                let reopened = try SQLiteStore(directory: copy)
                var expected = try #require(streams.byName["orders"])
                expected.seal(keys)
                let state = try reopened.load()
                #expect(state.streams == [expected])
                #expect(state.nextShardKey == 5)
                #expect(try await reopened.records(shard: keys[0], from: 0, limit: 99, byteLimit: .max).records.count == 10)
                await reopened.close()
            }
        }
    }

    @Test("Sequence numbers go on where they were although retention has taken every record")
    func countersOutliveRecords() async throws {
        try await TemporaryFolder.use { folder in
            let store = try SQLiteStore(directory: folder)
            var streams = Streams(accountID: "000000000000", region: "us-east-1")
            try await store.commit(streams.create("orders", shardCount: 1, mode: .provisioned, recordKibibytes: 1_024, at: 1_000))
            let placements = try streams.place([1, 2, 3], into: "orders", at: 2_000)
            try await store.commit([.append(placements.map { record(shard: $0.shardKey, counter: $0.counter, arrivedAt: $0.arrivedAt) })])
            try await store.commit(streams.trim(at: 2_001 + 24 * 3_600_000))
            #expect(try await store.records(shard: 1, from: 0, limit: 9, byteLimit: .max).records.isEmpty)
            await store.close()
            let reopened = try SQLiteStore(directory: folder)
            #expect(try reopened.load().streams.first?.shards.first?.nextCounter == 4)
            await reopened.close()
        }
    }

    @Test("Numbers of deleted streams and shards are not given again")
    func numbersAreNotReused() async throws {
        try await TemporaryFolder.use { folder in
            let store = try SQLiteStore(directory: folder)
            var streams = Streams(accountID: "000000000000", region: "us-east-1")
            try await store.commit(streams.create("orders", shardCount: 3, mode: .provisioned, recordKibibytes: 1_024, at: 1_000))
            try await store.commit(streams.delete("orders", at: 2_000))
            await store.close()
            let reopened = try SQLiteStore(directory: folder)
            let state = try reopened.load()
            #expect(state.streams.isEmpty)
            #expect(state.nextStreamID == 2 && state.nextShardKey == 4)
            await reopened.close()
        }
    }

    @Test("A stream that is larger than a slice is gone at once, its records little by little")
    func slices() async throws {
        try await TemporaryFolder.use { folder in
            let store = try SQLiteStore(directory: folder)
            var streams = Streams(accountID: "000000000000", region: "us-east-1")
            try await store.commit(streams.create("orders", shardCount: 1, mode: .provisioned, recordKibibytes: 1_024, at: 1_000))
            try await store.commit([.append((1...20_000).map { record(shard: 1, counter: $0, arrivedAt: 2_000) })])
            try await store.commit(streams.delete("orders", at: 3_000))
            await store.close()
            // What was left when it was closed goes with the first change of the next time.
            let reopened = try SQLiteStore(directory: folder)
            #expect(try reopened.load().streams.isEmpty)
            var later = Streams(accountID: "000000000000", region: "us-east-1", restored: try reopened.load())
            try await reopened.commit(later.create("other", shardCount: 1, mode: .provisioned, recordKibibytes: 1_024, at: 4_000))
            while try await !reopened.records(shard: 1, from: 0, limit: 1, byteLimit: .max).records.isEmpty { await Task.yield() }
            await reopened.close()
        }
    }

    @Test("Settings, tags and consumers come back as they were")
    func settings() async throws {
        try await TemporaryFolder.use { folder in
            let store = try SQLiteStore(directory: folder)
            var streams = Streams(accountID: "000000000000", region: "us-east-1")
            try await store.commit(streams.create("orders", shardCount: 1, mode: .provisioned, recordKibibytes: 1_024, at: 1_000))
            _ = try streams.registerConsumer("reader", ofStream: "orders", tags: ["a": "b"], at: 2_000)
            _ = try streams.addTags(["é": "x=y", "aws": ""], to: .stream("orders"), at: 3_000)
            _ = try streams.setEncryption(key: "alias/x", of: "orders", at: 4_000)
            _ = try streams.setMode(.onDemand, warmThroughput: 7, of: "orders", at: 4_500)
            _ = try streams.setPolicy("{}", of: .stream("orders"), at: 5_000)
            try await store.commit(try streams.setMetrics(of: "orders", at: 6_000) { _ in [.incomingBytes, .iteratorAge] }.changes)
            await store.close()
            let reopened = try SQLiteStore(directory: folder)
            #expect(try reopened.load().streams == [try #require(streams.byName["orders"])])
            await reopened.close()
        }
    }

    @Test("A second server on the same folder is told who holds it, and gets it once it is free")
    func lock() async throws {
        try await TemporaryFolder.use { folder in
            let first = try SQLiteStore(directory: folder)
            let failure = #expect(throws: Failure.self) { try SQLiteStore(directory: folder) }
            #expect(failure?.code == "state_in_use")
            #expect(failure?.message.contains("process \(getpid())") == true)
            #expect(failure?.hint?.contains("kinesis-agent emulator") == true)
            await first.close()
            let second = try SQLiteStore(directory: folder)
            await second.close()
        }
    }

    @Test("A folder that cannot be used is a failure, not a crash")
    func unusable() throws {
        let failure = #expect(throws: Failure.self) { try SQLiteStore(directory: "/proc/none/here") }
        #expect(failure?.code == "state_unusable")
    }

    @Test("A file that is no database is a failure")
    func corrupt() async throws {
        try await TemporaryFolder.use { folder in
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(repeating: 0x41, count: 20_000).write(to: URL(fileURLWithPath: "\(folder)/embedded.sqlite"))
            let failure = #expect(throws: Failure.self) { try SQLiteStore(directory: folder) }
            #expect(failure?.code == "state_unusable")
        }
    }
}
