import Coordination
import Records
import Testing

@Suite("Every store: handing a shard over")
struct HandoffTests {
    @Test("the owner hears of a request at its next renewal, and the one who asked takes what it releases", arguments: StoreKind.available)
    func lifecycle(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            let lease = try await table.take("s", "one")
            #expect(try await table.requestHandoff("s", from: "one", to: "two", within: hour))
            let asked = try #require(await table.row("s"))
            #expect(asked.nextOwner == "two" && asked.token == lease.token && asked.isLive && !asked.handoffIsOverdue)
            #expect(try await table.renew([lease], for: hour) == [.renewed(nextOwner: "two")])
            #expect(try await table.checkpoint([(lease, .at("7"))]) == [.stored])
            try await table.release([lease])
            #expect(try await table.row("s")?.nextOwner == nil)
            let outcome = try await table.acquire("s", owner: "two", for: hour, stealing: nil)
            guard case .acquired(let taken, let position) = outcome, position == .at("7") else { throw NotAcquired(shard: "s") }
            #expect(taken.owner == "two" && taken.token > lease.token)
        }
    }

    @Test("an owner that does not hand over in time loses the lease to whoever saw its token", arguments: StoreKind.available)
    func overdue(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            let lease = try await table.take("s", "one")
            #expect(try await table.requestHandoff("s", from: "one", to: "two", within: .zero))
            let row = try #require(await table.row("s"))
            #expect(row.handoffIsOverdue && row.isLive)
            // The one who asked may have died: a third may take it.
            let taken = try await table.take("s", "three", stealing: row.token)
            #expect(try await table.renew([lease, taken], for: hour) == [.lost, .renewed(nextOwner: nil)])
            #expect(try await table.row("s")?.handoffIsOverdue == false)
        }
    }

    @Test("a request is refused where somebody asked before, or the owner is another, none or expired", arguments: StoreKind.available)
    func refusals(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            #expect(try await !table.requestHandoff("unknown", from: "one", to: "two", within: hour))
            #expect(try await !table.requestHandoff("s", from: "one", to: "two", within: hour))
            let lease = try await table.take("s", "one")
            #expect(try await !table.requestHandoff("s", from: "two", to: "three", within: hour))
            #expect(try await table.requestHandoff("s", from: "one", to: "two", within: hour))
            #expect(try await !table.requestHandoff("s", from: "one", to: "three", within: hour))
            #expect(try await table.requestHandoff("s", from: "one", to: "two", within: .zero))
            #expect(try await table.row("s")?.handoffIsOverdue == false)
            #expect(try await table.row("s")?.nextOwner == "two")
            try await table.release([lease])
            _ = try await table.take("s", "one", for: .zero)
            #expect(try await !table.requestHandoff("s", from: "one", to: "two", within: hour))
        }
    }
}
