import Checkpoints
import Coordination
import Records
import Testing

@Suite("The Redis store and what Redis forgets", .enabled(if: RedisServer.isInstalled))
struct RedisFailoverTests {
    private func open(_ server: RedisServer) async throws -> RedisStore {
        try await RedisStore.open(
            RedisConfiguration(url: "redis://127.0.0.1:\(server.port)", group: "orders", commandTimeout: .seconds(20)), logger: .quiet)
    }

    @Test("a replica that is promoted without the last writes gives no token out again, and refuses the lease that was lost")
    func lostWrites() async throws {
        try await withRedisServer { primary in
            try await primary.whileRunning {
                let before = try await open(primary)
                try await before.table("s").create([NewLease(shard: "a", position: .at("5"))])
                try await withRedisServer(["--replicaof", "127.0.0.1", "\(primary.port)"]) { replica in
                    try await replica.whileRunning {
                        while try !replica.command("INFO", "replication").contains("master_link_status:up") { await Task.yield() }
                        while try replica.command("--raw", "KEYS", "*").contains(":lease:a") == false { await Task.yield() }
                        // From here on what the primary writes is lost.
                        #expect(try replica.command("REPLICAOF", "NO", "ONE") == "OK\n")
                        let lost = try await before.table("s").take("a", "one")
                        #expect(try await before.table("s").checkpoint([(lost, .at("9"))]) == [.stored])

                        let after = try await open(replica)
                        let table = after.table("s")
                        // Even the same worker, whose reader of before may still be at work.
                        let lease = try await table.take("a", "one")
                        #expect(lease.token > lost.token)
                        #expect(try await table.checkpoint([(lost, .at("9"))]) == [.lost])
                        #expect(try await table.renew([lost], for: hour) == [.lost])
                        #expect(try await !table.finish(lost, children: []))
                        try await table.release([lost])
                        #expect(try await table.renew([lease], for: hour) == [.renewed(nextOwner: nil)])
                        await after.close()
                    }
                }
                await before.close()
            }
        }
    }

    @Test("a server that was emptied gives no token out again")
    func flushed() async throws {
        try await withRedisServer { server in
            try await server.whileRunning {
                let store = try await open(server)
                let table = store.table("s")
                try await table.create([NewLease(shard: "a", position: .at("5"))])
                let lost = try await table.take("a", "one")
                #expect(try server.command("FLUSHALL") == "OK\n")
                #expect(try await table.renew([lost], for: hour) == [.lost])
                try await table.create([NewLease(shard: "a", position: .trimHorizon)])
                let lease = try await table.take("a", "one")
                #expect(lease.token > lost.token)
                #expect(try await table.checkpoint([(lost, .at("9")), (lease, .at("1"))]) == [.lost, .stored])
                await store.close()
            }
        }
    }
}
