import Coordination
import Records
import Testing

@testable import Checkpoints

@Suite("A group that consumers of async-kinesis share", .enabled(if: StoreKind.redisURL != nil))
struct MixedFleetTests {
    @Test("values are those of Python, byte for byte")
    func bytes() async throws {
        try await MixedGroup.with { mixed in
            let python = mixed.python("A")
            try await mixed.create("s")
            let lease = try await mixed.table.take("s", "host:é\"\\/1")
            let taken = try #require(await python.value("s"))
            let quoted = #"{"ref": "\#(mixed.group)/host:\u00e9\"\\/1", "ts": \#(taken.ts ?? 0), "sequence": null}"#
            #expect(try await python.text("s") == quoted)
            #expect(try await mixed.table.checkpoint([(lease, .at("4960"))]) == [.stored])
            let stored = try #require(await python.value("s"))
            #expect(stored.sequence == "4960" && stored.ref == taken.ref)
            let now = try await python.now()
            #expect(try #require(stored.ts) <= now)
            try await mixed.table.release([lease])
            #expect(try await python.text("s") == #"{"ref": null, "ts": null, "sequence": "4960"}"#)
        }
    }

    @Test("a shard goes from Python to ours and back, each going on where the other ended")
    func backAndForth() async throws {
        try await MixedGroup.with { mixed in
            let python = mixed.python("A")
            try await mixed.create("s")
            #expect(try await python.allocate("s") == .allocated(sequence: nil))
            #expect(try await python.checkpoint("s", "100"))
            let row = try #require(await mixed.table.row("s"))
            #expect(row.isLive && row.isForeign && row.owner == python.ref && row.position == .at("100"))
            #expect(try await mixed.table.acquire("s", owner: "one", for: hour) == .held)
            #expect(try await mixed.table.acquire("s", owner: "one", for: hour, stealing: row.token) == .held)
            #expect(try await !mixed.table.requestHandoff("s", from: python.ref, to: "one", within: hour))

            try await python.deallocate("s", "100")
            let outcome = try await mixed.table.acquire("s", owner: "one", for: .seconds(60))
            guard case .acquired(let lease, let position) = outcome else { throw NotAcquired(shard: "s") }
            #expect(position == .at("100"))
            #expect(try await python.allocate("s") == .refused)
            #expect(try await mixed.table.checkpoint([(lease, .at("250"))]) == [.stored])
            try await mixed.table.release([lease])
            #expect(try await python.allocate("s") == .allocated(sequence: "250"))
        }
    }

    @Test("whoever is not heard of for the session timeout loses the shard, either way")
    func expiry() async throws {
        try await MixedGroup.with { mixed in
            let python = mixed.python("A")
            try await mixed.create("s")
            let now = try await python.now()
            try await python.set("s", .init(ref: python.ref, ts: now - 55, sequence: "7"))
            #expect(try await mixed.table.acquire("s", owner: "one", for: hour) == .held)
            try await python.set("s", .init(ref: python.ref, ts: now - 60, sequence: "7"))
            let row = try #require(await mixed.table.row("s"))
            #expect(!row.isLive && row.owner == python.ref && row.isForeign)
            let lease = try await mixed.table.take("s", "one", for: .zero)

            // Ours is dead: its value is a minute old by Python's clock.
            let late = mixed.python("B", clockSkew: 61)
            #expect(try await late.allocate("s") == .allocated(sequence: "7"))
            #expect(try await mixed.table.renew([lease], for: hour) == [.lost])
            #expect(try await mixed.table.checkpoint([(lease, .at("8"))]) == [.lost])
            #expect(try await mixed.table.row("s")?.owner == late.ref)
        }
    }

    @Test("what Python cannot read is kept beside the value: words, moments and places inside aggregates")
    func sideKey() async throws {
        try await MixedGroup.with { mixed in
            let python = mixed.python("A")
            try await mixed.table.create([NewLease(shard: "s", position: .timestamp(5), parents: ["p"], hashRange: .all, detail: "d")])
            let lease = try await mixed.table.take("s", "one")
            #expect(try await python.value("s")?.sequence == nil)
            #expect(try await mixed.table.checkpoint([(lease, .at("100"))]) == [.stored])
            #expect(try await mixed.table.checkpoint([(lease, .at("101", 3))]) == [.stored])
            #expect(try await python.value("s")?.sequence == "100")
            #expect(try await mixed.table.finish(lease, children: [NewLease(shard: "child", position: .trimHorizon)]))
            #expect(try await python.text("s") == #"{"ref": null, "ts": null, "sequence": "100"}"#)
            let rows = try await mixed.table.leases()
            #expect(rows.map(\.shard) == ["child", "s"])
            #expect(rows[1].isFinished && rows[1].parents == ["p"] && rows[1].hashRange == .all && rows[1].detail == "d")
            // A consumer of Python that drains a closed shard for itself does not open it again.
            #expect(try await python.allocate("s") == .allocated(sequence: "100"))
            #expect(try await mixed.table.row("s")?.isFinished == true)
        }
    }

    @Test(
        "a value that is none of async-kinesis is named, and left as it is",
        arguments: ["oops", #"{"ts": "soon"}"#, #"{"sequence": "abc"}"#])
    func unreadable(_ value: String) async throws {
        try await MixedGroup.with { mixed in
            try await mixed.create("s")
            _ = try await mixed.store.run(["SET", "pyredis-\(mixed.group)-s", value], isIdempotent: false)
            let failure = await #expect(throws: Failure.self) { try await mixed.table.leases() }
            #expect(failure?.code == "checkpoints_unreadable")
            #expect(failure?.message.contains("pyredis-\(mixed.group)-s") == true)
            await #expect(throws: Failure.self) { try await mixed.table.acquire("s", owner: "one", for: hour) }
            #expect(try await mixed.store.run(["GET", "pyredis-\(mixed.group)-s"], isIdempotent: true).text == value)
        }
    }

    @Test("what a group of async-kinesis has stored can be read without its consumers")
    func positions() async throws {
        try await MixedGroup.with { mixed in
            let python = mixed.python("A")
            let now = try await python.now()
            try await python.set("shardId-000000000001", .init(ref: python.ref, ts: now, sequence: "7"))
            try await python.set("shardId-000000000000", .init(ref: nil, ts: nil, sequence: "9"))
            let other = PythonConsumer(store: mixed.store, group: "\(mixed.group)-2", id: "A")
            try await other.set("shardId-000000000002", .init(ref: nil, ts: nil, sequence: "1"))
            let found = try await AsyncKinesisPosition.all(
                in: RedisConfiguration(url: StoreKind.redisURL!, group: mixed.group), sessionTimeout: .seconds(60), logger: .quiet)
            #expect(found.map(\.shard) == ["shardId-000000000000", "shardId-000000000001"])
            #expect(found.map(\.sequence?.digits) == ["9", "7"])
            #expect(found[0].remaining == nil && found[1].owner == python.ref)
            #expect(try #require(found[1].remaining) > .seconds(30))
        }
    }
}
