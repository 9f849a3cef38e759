import Checkpoints
import Coordination
import Records
import Testing

@Suite("The Redis store and a server that comes and goes", .enabled(if: RedisServer.isInstalled))
struct RedisServerTests {
    private func configuration(_ server: RedisServer, userinfo: String = "", timeout: Duration = .seconds(20)) -> RedisConfiguration {
        RedisConfiguration(url: "redis://\(userinfo)127.0.0.1:\(server.port)/1", group: "orders", commandTimeout: timeout)
    }

    @Test("a server that was killed and started again is found again, with everything that was answered as stored")
    func restart() async throws {
        try await withRedisServer { server in
            let (store, lease) = try await server.whileRunning {
                let store = try await RedisStore.open(configuration(server), logger: .quiet)
                let table = store.table("s")
                try await table.create([NewLease(shard: "a", position: .trimHorizon)])
                let lease = try await table.take("a", "one")
                #expect(try await table.checkpoint([(lease, .at("5", 1))]) == [.stored])
                return (store, lease)
            }
            try await server.whileRunning {
                let table = store.table("s")
                // The scripts are gone from the new server as well.
                let row = try await table.row("a")
                #expect(row?.position == .at("5", 1))
                #expect(try await table.renew([lease], for: hour) == [.renewed(nextOwner: nil)])
                #expect(try await table.checkpoint([(lease, .at("6"))]) == [.stored])
                await store.close()
            }
        }
    }

    @Test("scripts that the server has forgotten are sent again")
    func scriptFlush() async throws {
        try await withRedisServer { server in
            try await server.whileRunning {
                let store = try await RedisStore.open(configuration(server), logger: .quiet)
                let table = store.table("s")
                try await table.create([NewLease(shard: "a", position: .trimHorizon)])
                #expect(try server.command("SCRIPT", "FLUSH") == "OK\n")
                #expect(try await table.take("a", "one").token > 0)
                #expect(try await table.leases().count == 1)
                await store.close()
            }
        }
    }

    @Test("what is stored has no end of its own: it is there however long a group was away", arguments: [false, true])
    func lasting(isAsyncKinesis: Bool) async throws {
        try await withRedisServer { server in
            try await server.whileRunning {
                var configuration = configuration(server)
                if isAsyncKinesis { configuration.layout = .asyncKinesis(sessionTimeout: .seconds(60)) }
                let store = try await RedisStore.open(configuration, logger: .quiet)
                let table = store.table("s")
                _ = try await table.start(proposing: GroupStart(position: .trimHorizon))
                try await table.create([NewLease(shard: "a", position: .trimHorizon)])
                let lease = try await table.take("a", "one", for: .seconds(60))
                #expect(try await table.checkpoint([(lease, .at("5"))]) == [.stored])
                try await table.release([lease])
                let keys = try server.command("-n", "1", "KEYS", "*").split(separator: "\n")
                #expect(keys.count >= 2)
                for key in keys { #expect(try server.command("-n", "1", "TTL", String(key)) == "-1\n", "\(key)") }
                await store.close()
            }
        }
    }

    @Test(
        "a missing or wrong password is told at once, and never printed",
        arguments: ["", ":hunter2@", "somebody:hunter2@"])
    func passwords(_ userinfo: String) async throws {
        try await withRedisServer(["--requirepass", "correct horse"]) { server in
            try await server.whileRunning {
                let failure = await failureToOpen(configuration(server, userinfo: userinfo))
                #expect(failure?.code == "redis_refused")
                #expect(failure?.message.contains("password") == true)
                #expect(failure?.message.contains("127.0.0.1:\(server.port)") == true)
                #expect("\(String(describing: failure))".contains("hunter2") == false)

                let right = try await RedisStore.open(configuration(server, userinfo: ":correct%20horse@"), logger: .quiet)
                #expect(try await right.table("s").leases().isEmpty)
                await right.close()
            }
        }
    }

    @Test("a user needs no more than the documented commands and keys")
    func leastPrivilege() async throws {
        let rules = "on >secret ~{kinesis-agent:* -@all +eval +evalsha +script|load +select"
        // What scripts call is checked against their user as well.
        let commands =
            "+time +hget +hset +hmget +hsetnx +hdel +hincrby +sadd +smembers +srem +zadd +zrange +zrangebyscore +zrem +del +exists"
        try await withRedisServer(["--user", "agent"] + "\(rules) \(commands)".split(separator: " ").map(String.init)) { server in
            try await server.whileRunning {
                let store = try await RedisStore.open(configuration(server, userinfo: "agent:secret@"), logger: .quiet)
                let table = store.table("s")
                #expect(try await table.start(proposing: GroupStart(position: .trimHorizon)).position == .trimHorizon)
                try await table.create([NewLease(shard: "a", position: .trimHorizon)])
                let lease = try await table.take("a", "one")
                #expect(try await table.requestHandoff("a", from: "one", to: "two", within: hour))
                #expect(try await table.renew([lease], for: hour) == [.renewed(nextOwner: "two")])
                #expect(try await table.checkpoint([(lease, .at("1"))]) == [.stored])
                #expect(try await table.finish(lease, children: [NewLease(shard: "b", position: .trimHorizon)]))
                try await table.release([table.take("b", "one")])
                #expect(try await table.announce(Worker("one"), for: hour) == [Worker("one")])
                try await table.withdraw("one")
                await store.close()
            }
        }
    }

    @Test("a server that is in no cluster is told from one that is")
    func notACluster() async throws {
        try await withRedisServer { server in
            try await server.whileRunning {
                var cluster = RedisConfiguration(url: "redis://127.0.0.1:\(server.port)", group: "g", commandTimeout: .seconds(20))
                cluster.isCluster = true
                let failure = await failureToOpen(cluster)
                #expect(failure?.code == "redis_not_cluster")
                #expect(failure?.hint?.contains("cluster: true") == true)
            }
        }
    }

    @Test("a command that the user may not call is told with what is needed, without the password")
    func forbidden() async throws {
        let rules = "on >hunter2 ~* +@all -evalsha -eval".split(separator: " ").map(String.init)
        try await withRedisServer(["--user", "agent"] + rules) { server in
            try await server.whileRunning {
                let store = try await RedisStore.open(configuration(server, userinfo: "agent:hunter2@"), logger: .quiet)
                let failure = await #expect(throws: Failure.self) { try await store.table("s").leases() }
                #expect(failure?.code == "redis_refused")
                #expect(failure?.hint?.contains("EVALSHA") == true)
                #expect("\(String(describing: failure))".contains("hunter2") == false)
                await store.close()
            }
        }
    }

    @Test("a server that is not there is one clear failure, in the time that a call may take")
    func unreachable() async throws {
        try await withRedisServer { server in
            let failure = await failureToOpen(configuration(server, userinfo: ":hunter2@", timeout: .seconds(1)))
            #expect(failure?.code == "redis_unreachable")
            #expect(failure?.message == "cannot reach Redis at 127.0.0.1:\(server.port): connection refused")
        }
    }

    @Test(
        "taking, reading, renewing and storing a thousand shards is one command each; more are cut up",
        arguments: [(1_000, 4), (2_500, 13)])
    func roundTrips(_ count: Int, _ commands: Int) async throws {
        try await withRedisServer { server in
            try await server.whileRunning {
                let store = try await RedisStore.open(configuration(server), logger: .quiet)
                let table = store.table("s")
                let shards = (0..<count).map { "shardId-\($0)" }
                try await table.create(shards.map { NewLease(shard: $0, position: .trimHorizon, hashRange: .all) })
                let before = try scriptsRun(server)
                let outcomes = try await table.acquire(shards.map { AcquireRequest($0) }, owner: "one", for: hour)
                let leases = outcomes.compactMap { if case .acquired(let lease, _) = $0 { lease } else { nil } }
                #expect(leases.map(\.shard) == shards)
                #expect(try await table.leases().count == count)
                #expect(try await table.renew(leases, for: hour) == leases.map { _ in .renewed(nextOwner: nil) })
                #expect(try await table.checkpoint(leases.map { ($0, .at("7")) }) == leases.map { _ in .stored })
                #expect(try scriptsRun(server) - before == commands)
                await store.close()
            }
        }
    }

    /// Calls of EVALSHA; what scripts call themselves is not among them.
    private func scriptsRun(_ server: RedisServer) throws -> Int {
        let text = try server.command("INFO", "commandstats")
        let line = try #require(text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("cmdstat_evalsha:calls=") })
        return try #require(Int(line.dropFirst("cmdstat_evalsha:calls=".count).prefix { $0.isNumber }))
    }
}
