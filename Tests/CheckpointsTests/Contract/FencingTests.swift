import Coordination
import Records
import Testing

@Suite("Every store: what an owner who lost its lease may not do")
struct FencingTests {
    @Test("after a take-over the former owner is refused everything and changes nothing", arguments: StoreKind.available)
    func zombie(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            let zombie = try await table.take("s", "one", for: .zero)
            let owner = try await table.take("s", "two")
            #expect(try await table.checkpoint([(owner, .at("500"))]) == [.stored])
            let before = try #require(await table.row("s"))

            #expect(try await table.checkpoint([(zombie, .at("900"))]) == [.lost])
            #expect(try await table.renew([zombie], for: .zero) == [.lost])
            #expect(try await !table.finish(zombie, children: [NewLease(shard: "child", position: .trimHorizon)]))
            try await table.release([zombie])

            var after = try await table.leases()
            after[0].remaining = before.remaining
            #expect(after == [before])
        }
    }

    @Test("a worker that takes its own expired lease again cannot write with the older token", arguments: StoreKind.available)
    func ownZombie(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            let old = try await table.take("s", "one", for: .zero)
            let new = try await table.take("s", "one")
            #expect(try await table.checkpoint([(old, .at("1"))]) == [.lost])
            #expect(try await table.renew([old, new], for: hour) == [.lost, .renewed(nextOwner: nil)])
            try await table.release([old])
            #expect(try await table.row("s")?.owner == "one")
        }
    }

    @Test("a token alone, with another owner's name, is refused", arguments: StoreKind.available)
    func forgedOwner(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            var forged = try await table.take("s", "one")
            forged.owner = "two"
            #expect(try await table.checkpoint([(forged, .at("1"))]) == [.lost])
            #expect(try await table.renew([forged], for: hour) == [.lost])
        }
    }

    @Test("nobody writes to a lease that was released", arguments: StoreKind.available)
    func released(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            let lease = try await table.take("s", "one")
            try await table.release([lease])
            #expect(try await table.checkpoint([(lease, .at("1"))]) == [.lost])
            #expect(try await table.renew([lease], for: hour) == [.lost])
            try await table.release([lease])
            let row = try #require(await table.row("s"))
            #expect(row.token > lease.token)
        }
    }

    @Test("tokens grow with every change of ownership and never come back", arguments: StoreKind.available)
    func tokensGrow(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            var tokens: [Int64] = []
            for round in 0..<4 {
                let lease = try await table.take("s", "one", for: .zero)
                let next = try await table.take("s", "two")
                let thief = try await table.take("s", "three", stealing: next.token)
                tokens += [lease.token, next.token, thief.token]
                try await table.release([thief])
                try await table.create([NewLease(shard: "s", position: .trimHorizon)])
                #expect(try await table.row("s")?.token == tokens.last! + 1, "round \(round)")
            }
            #expect(zip(tokens, tokens.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    /// In ascending order; neighbours differ where a comparison of text or of doubles would fail.
    static let ascending: [Position] = [
        .timestamp(-1_000_000_000_000), .timestamp(-20), .timestamp(-3), .timestamp(0), .timestamp(9), .timestamp(10),
        .timestamp(1_795_375_930_123), .timestamp(.max - 1), .timestamp(.max), .trimHorizon, .at("0", 0), .at("0", 1), .at("0"), .at("9"),
        .at("10"), .at("9007199254740993", 2), .at("9007199254740993", 10), .at("9007199254740993", .max - 1),
        .at("9007199254740993"), .at("9007199254740994"),
        .at("49" + String(repeating: "5", count: 54)), .at("49" + String(repeating: "5", count: 53) + "6", 0),
        .at(String(repeating: "9", count: 128) + "8"), .at(String(repeating: "9", count: 129), 0),
        .at(String(repeating: "9", count: 129)), .shardEnd,
    ]

    @Test("a checkpoint never goes back, whatever its kind", arguments: StoreKind.available)
    func neverBackwards(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create(Self.ascending.indices.map { NewLease(shard: "s\($0)", position: Self.ascending[$0]) })
            #expect(try await Set(table.leases().map(\.position)) == Set(Self.ascending))
            for (index, position) in Self.ascending.enumerated() where position != .shardEnd {
                let lease = try await table.take("s\(index)", "one")
                let earlier = Self.ascending[..<index]
                #expect(try await table.checkpoint(earlier.map { (lease, $0) }) == earlier.map { _ in .behind }, "\(position)")
                #expect(try await table.checkpoint([(lease, position)]) == [.stored])
                #expect(try await table.row("s\(index)")?.position == position)
            }
        }
    }

    @Test("positions of every kind move forward through one row and read back as they were", arguments: StoreKind.available)
    func forward(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: Self.ascending[0])])
            let lease = try await table.take("s", "one")
            for position in Self.ascending {
                #expect(try await table.checkpoint([(lease, position)]) == [.stored])
                #expect(try await table.row("s")?.position == position)
            }
            let all = try await table.checkpoint(Self.ascending.map { (lease, $0) })
            #expect(all == Self.ascending.map { $0 == .shardEnd ? .stored : .behind })
        }
    }
}
