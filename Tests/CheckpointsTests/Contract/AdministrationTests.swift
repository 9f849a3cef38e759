import Coordination
import Records
import Testing

@testable import Checkpoints

@Suite("Every store: starting over, and what people may do")
struct AdministrationTests {
    @Test("an identity that was not known is filled in, and a known one stays", arguments: StoreKind.available)
    func identity(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            _ = try await table.start(proposing: GroupStart(position: .trimHorizon))
            let known = GroupStart(position: .trimHorizon, identity: "2026-11-27T00:00:00Z")
            #expect(try await table.start(proposing: GroupStart(position: .timestamp(5), identity: known.identity)) == known)
            #expect(try await table.start(proposing: GroupStart(position: .timestamp(5), identity: "another stream")) == known)
        }
    }

    @Test("starting over forgets all rows, and refuses whoever held one", arguments: StoreKind.available)
    func startOver(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            let old = try await table.start(proposing: GroupStart(position: .trimHorizon, identity: "old"))
            try await table.create(["a", "b"].map { NewLease(shard: $0, position: .trimHorizon) })
            let lease = try await table.take("a", "one")
            let new = GroupStart(position: .timestamp(7), identity: "new")
            #expect(try await table.startOver(new, replacing: old) == new)
            #expect(try await table.leases().isEmpty)
            #expect(try await table.storedStart() == new)

            try await table.create([NewLease(shard: "a", position: .timestamp(7))])
            #expect(try await table.renew([lease], for: hour) == [.lost])
            let again = try await table.take("a", "one")
            #expect(again.token != lease.token)
            #expect(try await table.checkpoint([(lease, .at("9")), (again, .at("8"))]) == [.lost, .stored])

            // Another agent, which saw the old stream too, comes late.
            #expect(try await table.startOver(GroupStart(position: .timestamp(9), identity: "new"), replacing: old) == new)
            #expect(try await table.row("a")?.position == .at("8"))
        }
    }

    @Test("a position is set backwards where nobody holds the lease, and the former owner is refused", arguments: StoreKind.available)
    func overwrite(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .at("900"), parents: ["p"], hashRange: .all, detail: "d")])
            let expired = try await table.take("s", "one", for: .zero)
            #expect(try await table.overwrite([NewLease(shard: "s", position: .at("100"))], force: false) == [.done])
            let row = try #require(await table.row("s"))
            #expect(row.position == .at("100") && row.owner == nil && row.token > expired.token)
            #expect(row.parents == ["p"] && row.hashRange == .all && row.detail == "d")
            #expect(try await table.checkpoint([(expired, .at("950"))]) == [.lost])
            #expect(try await table.renew([expired], for: hour) == [.lost])
        }
    }

    @Test("a live lease is not touched by people unless they insist", arguments: StoreKind.available)
    func live(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .at("5"))])
            let lease = try await table.take("s", "one")
            let wanted = [NewLease(shard: "s", position: .trimHorizon), NewLease(shard: "t", position: .at("3"), parents: ["s"])]
            let refused = try await table.overwrite(wanted, force: false)
            guard case .live("one", let remaining) = refused[0] else { throw NotAcquired(shard: "s") }
            #expect(remaining > hour - .seconds(60) && remaining <= hour)
            #expect(refused[1] == .done)
            #expect(try await table.row("t")?.parents == ["s"])
            guard case .live("one", _) = try await table.remove(["s"], force: false)[0] else { throw NotAcquired(shard: "s") }
            #expect(try await table.checkpoint([(lease, .at("6"))]) == [.stored])

            #expect(try await table.overwrite(wanted, force: true) == [.done, .done])
            #expect(try await table.renew([lease], for: hour) == [.lost])
            let next = try await table.take("s", "two")
            #expect(try await table.remove(["s", "u"], force: true) == [.done, .missing])
            #expect(try await table.renew([next], for: hour) == [.lost])
            #expect(try await table.leases().map(\.shard) == ["t"])
        }
    }

    @Test("of many leases that are asked for at once each has its own answer", arguments: StoreKind.available)
    func manyAtOnce(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create(["a", "b", "c", "d"].map { NewLease(shard: $0, position: .at("1")) })
            let (mine, other) = (try await table.take("b", "one"), try await table.take("c", "two"))
            #expect(try await table.finish(table.take("d", "two"), children: []))
            let requests = [
                AcquireRequest("a"), AcquireRequest("b", stealing: mine.token), AcquireRequest("c", stealing: other.token - 1),
                AcquireRequest("d"), AcquireRequest("e"),
            ]
            let outcomes = try await table.acquire(requests, owner: "three", for: hour)
            let owners = try await table.leases().map(\.owner)
            #expect(owners == ["three", "three", "two", nil])
            #expect(Array(outcomes[2...]) == [.held, .finished, .missing])
            let asked = try await table.requestHandoffs(
                [HandoffRequest("a", from: "three"), HandoffRequest("b", from: "one"), HandoffRequest("c", from: "two")], to: "four",
                within: hour)
            #expect(asked == [true, false, true])
            #expect(try await table.renew([other], for: hour) == [.renewed(nextOwner: "four")])
        }
    }
}
