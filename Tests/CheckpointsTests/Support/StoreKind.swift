import Checkpoints
import Coordination
import Foundation
import Logging
import Records
import Testing

/// The stores that must all keep the contract. Redis where `KINESIS_AGENT_TEST_REDIS` names a server (`redis://…`), and a cluster where
/// `KINESIS_AGENT_TEST_REDIS_CLUSTER` names one of its nodes.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
    case memory, sqlite, redis, cluster
    case asyncKinesis = "async-kinesis"
    case asyncKinesisCluster = "async-kinesis in a cluster"

    static let available = allCases.filter { kind in
        switch kind {
        case .memory, .sqlite: true
        case .redis, .asyncKinesis: redisURL != nil
        case .cluster, .asyncKinesisCluster: clusterURL != nil
        }
    }
    static let redisURL = ProcessInfo.processInfo.environment["KINESIS_AGENT_TEST_REDIS"]
    static let clusterURL = ProcessInfo.processInfo.environment["KINESIS_AGENT_TEST_REDIS_CLUSTER"]

    var testDescription: String { rawValue }

    /// Runs `body` with an empty store, which nobody else uses.
    func withStore<Answer>(_ body: (any CheckpointStore) async throws -> Answer) async throws -> Answer {
        switch self {
        case .memory:
            return try await body(MemoryStore())
        case .sqlite:
            return try await withTemporaryFolder { folder in
                let store = try await SQLiteStore.open(SQLiteConfiguration(path: "\(folder)/checkpoints.sqlite"))
                return try await closing(store, body)
            }
        case .redis, .cluster, .asyncKinesis, .asyncKinesisCluster:
            let isCluster = self == .cluster || self == .asyncKinesisCluster
            var configuration = RedisConfiguration(
                url: isCluster ? Self.clusterURL! : Self.redisURL!, group: "test-\(UUID().uuidString)", commandTimeout: .seconds(20))
            configuration.isCluster = isCluster
            if self == .asyncKinesis || self == .asyncKinesisCluster { configuration.layout = .asyncKinesis(sessionTimeout: .seconds(60)) }
            return try await closing(RedisStore.open(configuration, logger: .quiet), body)
        }
    }

    func withTable<Answer>(_ body: (any LeaseTable) async throws -> Answer) async throws -> Answer {
        try await withStore { try await body($0.table("orders")) }
    }
}

func closing<Answer>(_ store: any CheckpointStore, _ body: (any CheckpointStore) async throws -> Answer) async throws -> Answer {
    do {
        let answer = try await body(store)
        await store.close()
        return answer
    } catch {
        await store.close()
        throw error
    }
}

/// Why the store cannot be opened; nil where it can.
func failureToOpen(_ configuration: RedisConfiguration) async -> Failure? {
    do throws(Failure) {
        try await RedisStore.open(configuration, logger: .quiet).close()
        return nil
    } catch {
        return error
    }
}

func withTemporaryFolder<Answer>(_ body: (String) async throws -> Answer) async throws -> Answer {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("checkpoints-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}

extension Logger {
    /// For stores whose log nobody reads.
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension LeaseTable {
    func row(_ shard: String) async throws -> Lease? {
        try await leases().first { $0.shard == shard }
    }

    /// Takes a free lease; fails the test where it is none.
    func take(_ shard: String, _ owner: String, for duration: Duration = .seconds(3_600), stealing token: Int64? = nil) async throws
        -> HeldLease
    {
        guard case .acquired(let lease, _) = try await acquire(shard, owner: owner, for: duration, stealing: token) else {
            throw NotAcquired(shard: shard)
        }
        return lease
    }
}

struct NotAcquired: Error {
    let shard: String
}

extension Position {
    static func at(_ digits: String, _ index: Int? = nil) -> Position {
        .sequence(SequenceNumber(digits)!, subSequence: index)
    }
}
