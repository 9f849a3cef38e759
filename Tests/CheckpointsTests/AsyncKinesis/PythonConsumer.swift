import Coordination
import Foundation
import Records

@testable import Checkpoints

/// The Redis commands of async-kinesis 3.0.1's `RedisCheckPointer`, one method for each of its own, with its mistakes.
/// Its clock can be set apart, and what it does between two commands is up to the test.
struct PythonConsumer {
    let store: RedisStore
    let group: String
    let id: String
    var sessionTimeout = 60
    /// Seconds that its clock is ahead of the server's.
    var clockSkew = 0

    var ref: String { "\(group)/\(id)" }

    /// The answer of `allocate`.
    enum Allocation: Equatable {
        case allocated(sequence: String?)
        case refused
    }

    struct Value: Codable, Equatable {
        var ref: String?
        var ts: Int?
        var sequence: String?
    }

    private func key(_ shard: String) -> String { "pyredis-\(group)-\(shard)" }

    func now() async throws -> Int {
        let reply = try await store.servers.call([Array("TIME".utf8)], key: nil, isIdempotent: true)
        return Int(reply.elements?.first?.integer ?? 0) + clockSkew
    }

    func value(_ shard: String) async throws -> Value? {
        guard let text = try await store.run(["GET", key(shard)], isIdempotent: true).text else { return nil }
        return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }

    func text(_ shard: String) async throws -> String? { try await store.run(["GET", key(shard)], isIdempotent: true).text }

    /// As `json.dumps` has it.
    func json(_ value: Value) -> String {
        func quoted(_ text: String?) -> String { text.map { "\"\($0)\"" } ?? "null" }
        return "{\"ref\": \(quoted(value.ref)), \"ts\": \(value.ts.map(String.init) ?? "null"), \"sequence\": \(quoted(value.sequence))}"
    }

    func set(_ shard: String, _ value: Value) async throws {
        _ = try await store.run(["SET", key(shard), json(value)], isIdempotent: false)
    }

    private func getset(_ shard: String, _ value: Value) async throws -> Value? {
        guard let text = try await store.run(["GETSET", key(shard), json(value)], isIdempotent: false).text else { return nil }
        return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }

    /// `meanwhile` happens between the look and the GETSET, where the library sleeps for a second.
    func allocate(_ shard: String, meanwhile: () async throws -> Void = {}) async throws -> Allocation {
        let ts = try await now()
        let claim = Value(ref: ref, ts: ts, sequence: nil)
        if try await store.run(["SET", key(shard), json(claim), "NX"], isIdempotent: false).text == "OK" {
            return .allocated(sequence: nil)
        }
        guard var value = try await value(shard) else { return .refused }
        let original = value.ts
        try await meanwhile()
        if let original, original != 0, ts - original < sessionTimeout { return .refused }
        value.ref = ref
        value.ts = ts
        let previous = try await getset(shard, value)
        return previous?.ts == original ? .allocated(sequence: value.sequence) : .refused
    }

    /// False where it raises `CheckpointOwnershipConflict`, after the overwrite.
    func checkpoint(_ shard: String, _ sequence: String) async throws -> Bool {
        try await getset(shard, Value(ref: ref, ts: now(), sequence: sequence))?.ref == ref
    }

    func heartbeat(_ shard: String, _ sequence: String?) async throws {
        try await set(shard, Value(ref: ref, ts: now(), sequence: sequence))
    }

    func deallocate(_ shard: String, _ sequence: String?) async throws {
        try await set(shard, Value(ref: nil, ts: nil, sequence: sequence))
    }
}

/// A group that ours and Python's consumers share, on the server of the tests.
struct MixedGroup {
    let store: RedisStore
    let group: String
    let table: any LeaseTable

    static func with(_ body: (MixedGroup) async throws -> Void) async throws {
        let group = "test-\(UUID().uuidString)"
        var configuration = RedisConfiguration(url: StoreKind.redisURL!, group: group, commandTimeout: .seconds(20))
        configuration.layout = .asyncKinesis(sessionTimeout: .seconds(60))
        let store = try await RedisStore.open(configuration, logger: .quiet)
        do {
            try await body(MixedGroup(store: store, group: group, table: store.table("orders")))
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    func python(_ id: String, clockSkew: Int = 0) -> PythonConsumer {
        PythonConsumer(store: store, group: group, id: id, clockSkew: clockSkew)
    }

    /// A row without a position, as discovery makes it.
    func create(_ shard: String) async throws {
        try await table.create([NewLease(shard: shard, position: .trimHorizon, hashRange: .all)])
    }
}
