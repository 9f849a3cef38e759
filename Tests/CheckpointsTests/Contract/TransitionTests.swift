import Coordination
import Records
import Testing

/// Long enough not to end during a test.
let hour = Duration.seconds(3_600)

@Suite("Every store: transitions and their refusals")
struct TransitionTests {
    @Test("start is stored once; later proposals get what is stored", arguments: StoreKind.available)
    func startIsSetOnce(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            let none = try await table.storedStart()
            #expect(none == nil)
            let first = GroupStart(position: .timestamp(1_795_375_930_123))
            #expect(try await table.start(proposing: first) == first)
            #expect(try await table.start(proposing: GroupStart(position: .trimHorizon)) == first)
            #expect(try await table.storedStart() == first)
            #expect(try await table.leases().isEmpty)
        }
    }

    @Test("create leaves existing rows as they are", arguments: StoreKind.available)
    func createOnlyMissing(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            let range = HashRange(start: 1 << 127, end: .max)
            let first = NewLease(shard: "b", position: .at("7", 2), parents: ["p", "q,%"], hashRange: range, detail: "{\"path\": \"é x\"}")
            try await table.create([first])
            try await table.create([NewLease(shard: "b", position: .trimHorizon), NewLease(shard: "a", position: .timestamp(-5))])
            #expect(
                try await table.leases() == [
                    Lease(shard: "a", position: .timestamp(-5)),
                    Lease(shard: "b", position: .at("7", 2), parents: ["p", "q,%"], hashRange: range, detail: "{\"path\": \"é x\"}"),
                ])
        }
    }

    @Test("a free lease goes to the first who asks, with its position", arguments: StoreKind.available)
    func acquireFree(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .at("42"))])
            let outcome = try await table.acquire("s", owner: "one", for: hour, stealing: nil)
            guard case .acquired(let lease, let position) = outcome, position == .at("42") else { throw NotAcquired(shard: "s") }
            #expect(lease.owner == "one" && lease.token > 0)
            #expect(try await table.acquire("s", owner: "two", for: hour, stealing: nil) == .held)
            let row = try #require(await table.row("s"))
            #expect(row.owner == "one" && row.token == lease.token && row.isLive)
            #expect(try #require(row.remaining) <= hour && #require(row.remaining) > hour - .seconds(60))
        }
    }

    @Test("a shard without a row, and one that is finished, cannot be taken", arguments: StoreKind.available)
    func acquireRefused(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            #expect(try await table.acquire("s", owner: "one", for: hour, stealing: nil) == .missing)
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            let lease = try await table.take("s", "one")
            #expect(try await table.finish(lease, children: []))
            #expect(try await table.acquire("s", owner: "two", for: hour, stealing: nil) == .finished)
            #expect(try await table.acquire("s", owner: "two", for: hour, stealing: table.row("s")?.token) == .finished)
        }
    }

    @Test("an expired lease keeps its owner's name and can be taken", arguments: StoreKind.available)
    func expiry(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            let lease = try await table.take("s", "one", for: .zero)
            let row = try #require(await table.row("s"))
            #expect(row.owner == "one" && row.remaining == nil && !row.isLive)
            #expect(try await table.take("s", "two").token > lease.token)
        }
    }

    @Test("a live lease can be stolen with the token that was seen, and with no other", arguments: StoreKind.available)
    func steal(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            let lease = try await table.take("s", "one")
            #expect(try await table.acquire("s", owner: "two", for: hour, stealing: lease.token - 1) == .held)
            #expect(try await table.acquire("s", owner: "two", for: hour, stealing: lease.token + 1) == .held)
            #expect(try await table.take("s", "two", stealing: lease.token).token > lease.token)
            #expect(try await table.acquire("s", owner: "three", for: hour, stealing: lease.token) == .held)
        }
    }

    @Test("renewing brings an expired lease back as long as nobody took it", arguments: StoreKind.available)
    func renewExpired(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            let lease = try await table.take("s", "one", for: .zero)
            #expect(try await table.renew([lease], for: hour) == [.renewed(nextOwner: nil)])
            #expect(try await table.row("s")?.isLive == true)
            #expect(try await table.renew([lease], for: .zero) == [.renewed(nextOwner: nil)])
            #expect(try await table.row("s")?.isLive == false)
        }
    }

    @Test("answers come in the order of the question, lost ones among them", arguments: StoreKind.available)
    func manyAtOnce(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            let shards = (0..<300).map { "shard-\($0)" }
            try await table.create(shards.map { NewLease(shard: $0, position: .trimHorizon) })
            var leases: [HeldLease] = []
            for (index, shard) in shards.enumerated() {
                var lease = try await table.take(shard, "one")
                if index % 3 == 0 { lease.token += 1 }
                if index % 3 == 1 { lease.shard += "-unknown" }
                leases.append(lease)
            }
            let renewed = try await table.renew(leases, for: hour)
            #expect(renewed == leases.indices.map { $0 % 3 == 2 ? .renewed(nextOwner: nil) : .lost })
            let stored = try await table.checkpoint(leases.map { ($0, .at("5")) })
            #expect(stored == leases.indices.map { $0 % 3 == 2 ? .stored : .lost })
            try await table.release(leases)
            let free = try await table.leases().filter { $0.owner == nil }.map(\.shard)
            #expect(Set(free) == Set(shards.indices.filter { $0 % 3 == 2 }.map { shards[$0] }))
            #expect(try await table.renew([], for: hour) == [])
            #expect(try await table.checkpoint([]) == [])
        }
    }

    @Test("a released lease keeps its position and can be taken at once", arguments: StoreKind.available)
    func release(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create([NewLease(shard: "s", position: .trimHorizon)])
            let lease = try await table.take("s", "one")
            #expect(try await table.checkpoint([(lease, .at("9", 3))]) == [.stored])
            try await table.release([lease])
            let row = try #require(await table.row("s"))
            #expect(row.owner == nil && row.position == .at("9", 3))
            let outcome = try await table.acquire("s", owner: "two", for: hour, stealing: nil)
            guard case .acquired(let taken, let position) = outcome, position == .at("9", 3) else { throw NotAcquired(shard: "s") }
            #expect(taken.owner == "two" && taken.token > row.token)
        }
    }

    @Test("finishing frees the shard and creates its children once", arguments: StoreKind.available)
    func finish(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            try await table.create(["left", "right"].map { NewLease(shard: $0, position: .trimHorizon) })
            let child = NewLease(shard: "child", position: .trimHorizon, parents: ["left", "right"], hashRange: .all)
            let left = try await table.take("left", "one")
            #expect(try await table.finish(left, children: [child]))
            let held = try await table.take("child", "one")
            #expect(try await table.checkpoint([(held, .at("100"))]) == [.stored])
            #expect(try await table.finish(table.take("right", "two"), children: [child]))

            let rows = try await table.leases()
            #expect(rows.map(\.shard) == ["child", "left", "right"])
            #expect(rows[0].position == .at("100") && rows[0].owner == "one" && rows[0].parents == ["left", "right"])
            #expect(rows[1].isFinished && rows[1].owner == nil && rows[1].token > left.token)
            #expect(try await !table.finish(left, children: [NewLease(shard: "ghost", position: .trimHorizon)]))
            #expect(try await table.row("ghost") == nil)
        }
    }

    /// But for the layout of async-kinesis, whose keys do not name the stream: there a second one is refused.
    @Test(
        "sources do not see each other's rows, starts and workers",
        arguments: StoreKind.available.filter { $0 != .asyncKinesis && $0 != .asyncKinesisCluster })
    func scopesAreApart(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let scopes = ["a", "a:b", "{a}", "arn:aws:kinesis:eu-west-1:1:stream/a", "%7Ba%7D"]
            for (index, scope) in scopes.enumerated() {
                let table = store.table(scope)
                let start = GroupStart(position: .timestamp(Int64(index)), identity: "stream \(index)")
                #expect(try await table.start(proposing: start) == start)
                try await table.create([NewLease(shard: "shard-\(index)", position: .trimHorizon)])
                #expect(try await table.announce(Worker("worker-\(index)"), for: hour) == [Worker("worker-\(index)")])
            }
            for (index, scope) in scopes.enumerated() {
                #expect(try await store.table(scope).leases().map(\.shard) == ["shard-\(index)"])
            }
            #expect(try await store.scopes() == scopes.sorted())
        }
    }

    @Test("announced workers are listed until their time is over or they withdraw", arguments: StoreKind.available)
    func workers(_ kind: StoreKind) async throws {
        try await kind.withTable { table in
            let (adam, zoe) = (Worker("adam", capacity: 4), Worker("zoe"))
            #expect(try await table.announce(Worker("zoe", capacity: 1), for: hour) == [Worker("zoe", capacity: 1)])
            #expect(try await table.announce(adam, for: hour) == [adam, Worker("zoe", capacity: 1)])
            #expect(try await table.announce(zoe, for: hour) == [adam, zoe])
            #expect(try await table.announce(Worker("late", capacity: 9), for: .zero) == [adam, zoe])
            try await table.withdraw("zoe")
            try await table.withdraw("nobody")
            #expect(try await table.announce(adam, for: hour) == [adam])
        }
    }
}
