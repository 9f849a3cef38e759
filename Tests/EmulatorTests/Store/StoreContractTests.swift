import Foundation
import Testing

@testable import Emulator

/// What every store must do, whichever it is.
@Suite("Stores")
struct StoreContractTests {
    enum Kind: String, CaseIterable, Sendable {
        case memory, sqlite
    }

    private func withStore(_ kind: Kind, _ body: (any StreamStore) async throws -> Void) async throws {
        switch kind {
        case .memory: try await body(MemoryStore())
        case .sqlite:
            try await TemporaryFolder.use { folder in
                let store = try SQLiteStore(directory: folder)
                try await body(store)
                await store.close()
            }
        }
    }

    @Test("Records come back in order, from the counter asked for, of their shard only", arguments: Kind.allCases)
    func reading(kind: Kind) async throws {
        try await withStore(kind) { store in
            let records = (1...5).map { record(shard: 1, counter: $0) } + (1...3).map { record(shard: 2, counter: $0) }
            try await store.commit([.append(records)])
            #expect(try await store.records(shard: 1, from: 0, limit: 10, byteLimit: .max).records == Array(records[0..<5]))
            #expect(try await store.records(shard: 1, from: 4, limit: 10, byteLimit: .max).records == Array(records[3..<5]))
            #expect(try await store.records(shard: 2, from: 2, limit: 10, byteLimit: .max).records == Array(records[6..<8]))
            #expect(try await store.records(shard: 3, from: 0, limit: 10, byteLimit: .max) == RecordPage(records: [], hasMore: false))
        }
    }

    @Test("A page ends at its limits and says whether there is more", arguments: Kind.allCases)
    func limits(kind: Kind) async throws {
        try await withStore(kind) { store in
            try await store.commit([.append((1...4).map { record(shard: 1, counter: $0, bytes: 99) })])
            let byCount = try await store.records(shard: 1, from: 1, limit: 3, byteLimit: .max)
            #expect(byCount.records.map(\.counter) == [1, 2, 3] && byCount.hasMore)
            let exact = try await store.records(shard: 1, from: 1, limit: 4, byteLimit: 400)
            #expect(exact.records.map(\.counter) == [1, 2, 3, 4] && !exact.hasMore)
            let byBytes = try await store.records(shard: 1, from: 1, limit: 4, byteLimit: 399)
            #expect(byBytes.records.map(\.counter) == [1, 2, 3] && byBytes.hasMore)
            let oversize = try await store.records(shard: 1, from: 4, limit: 4, byteLimit: 1)
            #expect(oversize.records.map(\.counter) == [4] && !oversize.hasMore)
        }
    }

    @Test("A moment finds the first record that arrived then or later, in spite of gaps", arguments: Kind.allCases)
    func moments(kind: Kind) async throws {
        try await withStore(kind) { store in
            #expect(try await store.counter(shard: 1, arrivedAtOrAfter: 5) == 0)
            let arrivals: [(Int64, Int64)] = [(1, 100), (2, 100), (7, 200), (8, 300), (90, 300)]
            try await store.commit([.append(arrivals.map { record(shard: 1, counter: $0.0, arrivedAt: $0.1) })])
            for (moment, counter) in [(0, 1), (100, 1), (101, 7), (200, 7), (201, 8), (300, 8), (301, 91)] as [(Int64, Int64)] {
                #expect(try await store.counter(shard: 1, arrivedAtOrAfter: moment) == counter)
            }
        }
    }

    @Test("Trimming takes what arrived before the moment, and nothing else", arguments: Kind.allCases)
    func trimming(kind: Kind) async throws {
        try await withStore(kind) { store in
            try await store.commit([
                .append((1...10).map { record(shard: 1, counter: $0, arrivedAt: $0 * 10) } + [record(shard: 2, counter: 1)])
            ])
            for (moment, left) in [(5, 1...10), (31, 4...10), (90, 9...10)] as [(Int64, ClosedRange<Int64>)] {
                try await store.commit([.trim(shard: 1, arrivedBefore: moment)])
                #expect(try await store.records(shard: 1, from: 0, limit: 99, byteLimit: .max).records.map(\.counter) == Array(left))
            }
            try await store.commit([.append([record(shard: 1, counter: 11, arrivedAt: 110)])])
            #expect(try await store.records(shard: 1, from: 0, limit: 99, byteLimit: .max).records.map(\.counter) == [9, 10, 11])
            #expect(try await store.counter(shard: 1, arrivedAtOrAfter: 0) == 9)
            #expect(try await store.records(shard: 2, from: 0, limit: 99, byteLimit: .max).records.count == 1)
        }
    }

    @Test("Dropped shards are empty", arguments: Kind.allCases)
    func dropping(kind: Kind) async throws {
        try await withStore(kind) { store in
            try await store.commit([.append([record(shard: 1, counter: 1), record(shard: 2, counter: 1), record(shard: 3, counter: 1)])])
            try await store.commit([.dropShards([1]), .deleteStream(1, shards: [2])])
            for (shard, count) in [(1, 0), (2, 0), (3, 1)] as [(Int64, Int)] {
                #expect(try await store.records(shard: shard, from: 0, limit: 9, byteLimit: .max).records.count == count)
            }
        }
    }

    @Test("Concurrent writes are all stored", arguments: Kind.allCases)
    func concurrency(kind: Kind) async throws {
        try await withStore(kind) { store in
            try await withThrowingTaskGroup { group in
                for shard in Int64(1)...50 {
                    group.addTask { try await store.commit([.append((1...20).map { record(shard: shard, counter: $0) })]) }
                }
                try await group.waitForAll()
            }
            for shard in Int64(1)...50 {
                #expect(try await store.records(shard: shard, from: 0, limit: 99, byteLimit: .max).records.map(\.counter) == Array(1...20))
            }
        }
    }
}

/// A record whose size is `bytes` and a partition key of one byte.
func record(shard: Int64, counter: Int64, arrivedAt: Int64 = 1, bytes: Int = 3) -> StoredRecord {
    StoredRecord(
        shard: shard, counter: counter, arrivedAt: arrivedAt, partitionKey: "k",
        data: (0..<bytes).map { UInt8(truncatingIfNeeded: $0 + Int(counter)) })
}

extension StreamStore {
    func commit(_ changes: [StoreChange]) async throws {
        try await withCheckedThrowingContinuation { continuation in enqueue(changes) { continuation.resume(with: $0) } }
    }
}

/// A folder that is gone after the test.
enum TemporaryFolder {
    static func use<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let path = "\(NSTemporaryDirectory())/emulator-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }
}
