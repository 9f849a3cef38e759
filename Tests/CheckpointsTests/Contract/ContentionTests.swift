import Coordination
import Records
import Testing

@Suite("Every store: many at once")
struct ContentionTests {
    @Test("of 50 contenders for a lease exactly one gets it", arguments: StoreKind.available)
    func contenders(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            _ = try await table.take("s", "zero", for: .zero)
            for isTheft in [false, true] {
                let stealing = isTheft ? try await table.row("s")?.token : nil
                let outcomes = try await withThrowingTaskGroup(of: AcquireOutcome.self) { group in
                    for contender in 0..<50 {
                        group.addTask { try await table.acquire("s", owner: "worker-\(contender)", for: hour, stealing: stealing) }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                let winners = outcomes.compactMap { if case .acquired(let lease, _) = $0 { lease } else { nil } }
                #expect(winners.count == 1)
                #expect(outcomes.count { $0 == .held } == 49)
                let row = try #require(await table.row("s"))
                #expect(HeldLease(shard: "s", owner: row.owner ?? "", token: row.token) == winners.first)
            }
        }
    }

    @Test("of many who propose a start all get the same", arguments: StoreKind.available)
    func starts(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            let stored = try await withThrowingTaskGroup(of: GroupStart.self) { group in
                for milliseconds in 0..<50 {
                    group.addTask { try await table.start(proposing: GroupStart(position: .timestamp(Int64(milliseconds)))) }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(stored.count == 1)
        }
    }

    @Test("checkpoints that race leave the furthest", arguments: StoreKind.available)
    func checkpoints(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            let lease = try await table.take("s", "one")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in (1...50).shuffled() {
                    group.addTask { _ = try await table.checkpoint([(lease, .at(String(number)))]) }
                }
                try await group.waitForAll()
            }
            #expect(try await table.row("s")?.position == .at("50"))
        }
    }
}
