import Coordination
import Records
import Synchronization
import Testing

@testable import Checkpoints

@Suite("The Redis store when replies are lost")
struct LostReplyTests {
    /// How often each command or script was called.
    private final class Counts: Sendable {
        private let counts = Mutex<[String: Int]>([:])

        func next(_ name: String) -> Int {
            counts.withLock { counts in
                counts[name, default: 0] += 1
                return counts[name]!
            }
        }

        subscript(_ name: String) -> Int { counts.withLock { $0[name, default: 0] } }
    }

    /// Runs `body` against a server that gives `answer` to the n-th call of each command or script, from 1.
    private func withTable(
        timeout: Duration = .seconds(20), _ answer: @escaping @Sendable (_ name: String, _ n: Int) -> FakeRedis.Answer,
        _ body: (any LeaseTable, Counts) async throws -> Void
    ) async throws {
        let counts = Counts()
        let server = try await FakeRedis.start { command in
            if command[0] == "PING" { return .reply("+PONG\r\n") }
            let name = command[0] == "EVALSHA" ? command[1] : command[0]
            return answer(name, counts.next(name))
        }
        let store = try await RedisStore.open(
            RedisConfiguration(url: "redis://127.0.0.1:\(server.port)", group: "g", commandTimeout: timeout), logger: .quiet)
        try await body(store.table("s"), counts)
        await store.close()
        try await server.stop()
    }

    /// The answer of the script `leases` for one row.
    private static func row(owner: String, token: Int, live: Bool = true) -> FakeRedis.Answer {
        let remaining = live ? ":60000" : "$-1"
        return .reply(
            "*1\r\n*12\r\n$1\r\na\r\n\(remaining)\r\n:0\r\n$1\r\n\(token)\r\n$2\r\n42\r\n$0\r\n\r\n$3\r\n\(owner)\r\n"
                + "$-1\r\n$0\r\n\r\n$0\r\n\r\n$0\r\n\r\n$0\r\n\r\n")
    }

    @Test("a lease that was taken by a call whose answer got lost is ours")
    func adopted() async throws {
        try await withTable({ name, _ in name == "leases" ? Self.row(owner: "one", token: 7) : .cut }) { table, counts in
            let outcome = try await table.acquire("a", owner: "one", for: hour, stealing: nil)
            #expect(outcome == .acquired(HeldLease(shard: "a", owner: "one", token: 7), from: .at("42")))
            #expect(counts["acquire"] == 1)
        }
    }

    @Test("where the row names another, it is that one's")
    func another() async throws {
        try await withTable({ name, _ in name == "leases" ? Self.row(owner: "two", token: 7) : .cut }) { table, _ in
            let outcome = try await table.acquire("a", owner: "one", for: hour, stealing: nil)
            #expect(outcome == .held)
        }
    }

    @Test("where the row names nobody any more, the doubt is told")
    func notAdopted() async throws {
        try await withTable({ name, _ in name == "leases" ? Self.row(owner: "one", token: 7, live: false) : .cut }) { table, _ in
            let failure = await #expect(throws: Failure.self) { try await table.acquire("a", owner: "one", for: hour, stealing: nil) }
            #expect(failure?.code == "redis_reply_lost")
            #expect(failure?.message.contains("may or may not have been applied") == true)
        }
    }

    @Test("what may be applied twice is sent again, once")
    func sentAgain() async throws {
        let lease = HeldLease(shard: "a", owner: "one", token: 1)
        try await withTable({ _, n in n == 1 ? .cut : .reply("*1\r\n$0\r\n\r\n") }) { table, counts in
            let renewed = try await table.renew([lease], for: hour)
            #expect(renewed == [.renewed(nextOwner: nil)])
            #expect(counts["renew"] == 2)
        }
        try await withTable({ _, _ in .cut }) { table, counts in
            let failure = await #expect(throws: Failure.self) { try await table.renew([lease], for: hour) }
            #expect(failure?.code == "redis_reply_lost")
            #expect(counts["renew"] == 2)
        }
    }

    @Test("a shard that was finished by a call whose answer got lost is finished by us, and by nobody else", arguments: [1, 2] as [Int64])
    func finishedBefore(_ token: Int64) async throws {
        let answer = { @Sendable (name: String, n: Int) -> FakeRedis.Answer in
            if name == "HGET" { return .reply("$5\r\none 1\r\n") }
            return n == 1 ? .cut : .reply(":0\r\n")
        }
        try await withTable(answer) { table, counts in
            let isOurs = try await table.finish(HeldLease(shard: "a", owner: "one", token: token), children: [])
            #expect(isOurs == (token == 1))
            #expect(counts["finish"] == 2)
        }
    }

    @Test("a server that takes calls and stays silent is given up in time, and a later call gets a new connection")
    func silence() async throws {
        try await withTable(timeout: .seconds(3), { _, n in n == 1 ? .silence : .reply("*0\r\n") }) { table, counts in
            let failure = await #expect(throws: Failure.self) { try await table.leases() }
            #expect(failure?.code == "redis_reply_lost")
            let rows = try await table.leases()
            #expect(rows.isEmpty)
            #expect(counts["leases"] == 2)
        }
    }

    @Test(
        "a server that cannot serve for the moment is asked again, also for what must not be done twice",
        arguments: [
            "-READONLY You can't write against a read only replica.", "-LOADING Redis is loading the dataset in memory",
            "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", "-BUSY Redis is busy running a script.",
        ])
    func forTheMoment(_ error: String) async throws {
        try await withTable({ _, n in .reply(n <= 2 ? "\(error)\r\n" : "*1\r\n*1\r\n$4\r\nheld\r\n") }) { table, counts in
            let outcome = try await table.acquire("a", owner: "one", for: hour)
            #expect(outcome == .held)
            #expect(counts["acquire"] == 3)
        }
    }

    @Test("a server that was made a replica is left for the next one of the list")
    func replica() async throws {
        let replica = try await FakeRedis.start { command in
            .reply(command[0] == "PING" ? "+PONG\r\n" : "-READONLY You can't write against a read only replica.\r\n")
        }
        let primary = try await FakeRedis.start { command in
            .reply(command[0] == "PING" ? "+PONG\r\n" : "*1\r\n*1\r\n$4\r\nheld\r\n")
        }
        let store = try await RedisStore.open(
            RedisConfiguration(urls: [replica, primary].map { "redis://127.0.0.1:\($0.port)" }, group: "g", commandTimeout: .seconds(20)),
            logger: .quiet)
        #expect(try await store.table("s").acquire("a", owner: "one", for: hour) == .held)
        await store.close()
        try await replica.stop()
        try await primary.stop()
    }

    @Test("a cluster is told from a server that fails")
    func cluster() async throws {
        try await withTable({ _, _ in .reply("-MOVED 3999 10.0.0.1:6381\r\n") }) { table, _ in
            let failure = await #expect(throws: Failure.self) { try await table.leases() }
            #expect(failure?.code == "redis_cluster")
            #expect(failure?.hint?.contains("cluster: true") == true)
        }
    }

    @Test("answers of another shape are a failure, not a guess", arguments: ["*1\r\n:1\r\n", "*1\r\n*1\r\n:1\r\n"])
    func shapes(_ reply: String) async throws {
        try await withTable({ _, _ in .reply(reply) }) { table, _ in
            let failure = await #expect(throws: Failure.self) { try await table.leases() }
            #expect(failure?.code == "checkpoints_unreadable")
        }
    }

    @Test("what is no Redis is told at once")
    func notRedis() async throws {
        let server = try await FakeRedis.start { _ in .reply("HTTP/1.1 400 Bad Request\r\n\r\n") }
        let failure = await failureToOpen(RedisConfiguration(url: "redis://127.0.0.1:\(server.port)", group: "g"))
        #expect(failure?.code == "redis_refused")
        #expect(failure?.message.contains("protocol") == true)
        try await server.stop()
    }

    @Test("a closed store says so")
    func closed() async throws {
        let server = try await FakeRedis.start { _ in .reply("+PONG\r\n") }
        let store = try await RedisStore.open(RedisConfiguration(url: "redis://127.0.0.1:\(server.port)", group: "g"), logger: .quiet)
        await store.close()
        let failure = await #expect(throws: Failure.self) { try await store.table("s").withdraw("one") }
        #expect(failure?.code == "redis_closed")
        try await server.stop()
    }
}
