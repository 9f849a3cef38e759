import Coordination
import Records
import Testing

@testable import Checkpoints

/// The races that async-kinesis has with itself, here with one of ours on the other side: ours survives them, and mends what they leave.
@Suite("The races of async-kinesis", .enabled(if: StoreKind.redisURL != nil))
struct PythonRaceTests {
    /// The value holds the position of ours again, and ours still holds the lease.
    private func isMended(_ mixed: MixedGroup, _ lease: HeldLease, at sequence: String) async throws -> Bool {
        let renewed = try await mixed.table.renew([lease], for: hour) == [.renewed(nextOwner: nil)]
        let value = try await mixed.python("x").value("s")
        return renewed && value?.sequence == sequence && value?.ref == "\(mixed.group)/\(lease.owner)"
    }

    @Test("a losing challenger leaves the winner's lease")
    func aLosingChallengerLeavesTheWinnersLease() async throws {
        try await MixedGroup.with { mixed in
            let python = mixed.python("B")
            try await mixed.create("s")
            try await python.deallocate("s", "100")
            var lease: HeldLease?
            // Both see it free; ours is first, and Python overwrites it before it finds out.
            let allocation = try await python.allocate("s") { lease = try await mixed.table.take("s", "one") }
            #expect(allocation == .refused)
            #expect(try await python.value("s")?.ref == python.ref)
            let held = try #require(lease)
            #expect(try await mixed.table.row("s")?.owner == "one")
            #expect(try await mixed.table.checkpoint([(held, .at("200"))]) == [.stored])
            #expect(try await isMended(mixed, held, at: "200"))
        }
    }

    @Test("an owner that comes back while a challenger waits keeps its lease and its position")
    func anOwnerThatRevivesKeepsItsPosition() async throws {
        try await MixedGroup.with { mixed in
            let python = mixed.python("B", clockSkew: 61)
            try await mixed.create("s")
            let lease = try await mixed.table.take("s", "one", for: .zero)
            #expect(try await mixed.table.checkpoint([(lease, .at("100"))]) == [.stored])
            let allocation = try await python.allocate("s") {
                // Alive after all: it renews, and moves on.
                _ = try await mixed.table.renew([lease], for: hour)
                try await mixed.store.waitForNextSecond()
                _ = try await mixed.table.checkpoint([(lease, .at("900"))])
            }
            #expect(allocation == .refused)
            #expect(try await python.value("s")?.sequence == "100")
            #expect(try await mixed.table.row("s")?.position == .at("900"))
            #expect(try await isMended(mixed, lease, at: "900"))
        }
    }

    @Test("a zombie's checkpoint does not move the owner's position back")
    func aZombiesCheckpointDoesNotMoveTheOwnerBack() async throws {
        try await MixedGroup.with { mixed in
            let zombie = mixed.python("B")
            try await mixed.create("s")
            try await zombie.set("s", .init(ref: zombie.ref, ts: try await zombie.now() - 61, sequence: "100"))
            let lease = try await mixed.table.take("s", "one")
            #expect(try await mixed.table.checkpoint([(lease, .at("500"))]) == [.stored])
            #expect(try await !zombie.checkpoint("s", "110"))
            #expect(try await mixed.table.row("s")?.position == .at("500"))
            #expect(try await mixed.table.checkpoint([(lease, .at("510"))]) == [.stored])
            #expect(try await isMended(mixed, lease, at: "510"))
            // One that got further than ours before it died is believed: it has processed what it says.
            #expect(try await !zombie.checkpoint("s", "800"))
            #expect(try await mixed.table.checkpoint([(lease, .at("520"))]) == [.behind])
            #expect(try await isMended(mixed, lease, at: "800"))
        }
    }

    @Test("a zombie of ours is refused, and writes nothing")
    func aZombieOfOursWritesNothing() async throws {
        try await MixedGroup.with { mixed in
            let python = mixed.python("B", clockSkew: 61)
            try await mixed.create("s")
            let zombie = try await mixed.table.take("s", "one", for: .zero)
            #expect(try await python.allocate("s") == .allocated(sequence: nil))
            #expect(try await python.checkpoint("s", "500"))
            let before = try await python.text("s")
            #expect(try await mixed.table.checkpoint([(zombie, .at("900"))]) == [.lost])
            #expect(try await mixed.table.renew([zombie], for: hour) == [.lost])
            #expect(try await !mixed.table.finish(zombie, children: []))
            try await mixed.table.release([zombie])
            #expect(try await python.text("s") == before)
        }
    }

    @Test("a zombie that gives the shard back does not take it from its owner")
    func aZombiesDeallocationDoesNotFreeTheLease() async throws {
        try await MixedGroup.with { mixed in
            let zombie = mixed.python("B")
            try await mixed.create("s")
            let lease = try await mixed.table.take("s", "one")
            #expect(try await mixed.table.checkpoint([(lease, .at("500"))]) == [.stored])
            try await zombie.deallocate("s", "100")
            #expect(try await mixed.table.acquire("s", owner: "two", for: hour) == .held)
            #expect(try await mixed.table.row("s")?.position == .at("500"))
            #expect(try await isMended(mixed, lease, at: "500"))
        }
    }

    @Test("two workers of the same name are told apart by their tokens")
    func workersOfTheSameNameAreToldApart() async throws {
        try await MixedGroup.with { mixed in
            try await mixed.create("s")
            let first = try await mixed.table.take("s", "1", for: .zero)
            let second = try await mixed.table.take("s", "1")
            #expect(try await mixed.table.checkpoint([(second, .at("50")), (first, .at("60"))]) == [.stored, .lost])
            #expect(try await mixed.table.renew([first], for: hour) == [.lost])
            #expect(WorkerIdentity.current() != WorkerIdentity.current())
        }
    }

    @Test("a heartbeat writes no position that is older than the stored one")
    func aHeartbeatNeverWritesAnOlderPosition() async throws {
        try await MixedGroup.with { mixed in
            let python = mixed.python("B")
            try await mixed.create("s")
            let lease = try await mixed.table.take("s", "one")
            #expect(try await mixed.table.checkpoint([(lease, .at("900"))]) == [.stored])
            // A heartbeat of Python from a snapshot, after its lease was ours.
            try await python.heartbeat("s", "100")
            #expect(try await isMended(mixed, lease, at: "900"))
            // And a lease that was given back is not brought to life by one of ours.
            try await mixed.table.release([lease])
            #expect(try await mixed.table.renew([lease], for: hour) == [.lost])
            #expect(try await python.value("s") == .init(ref: nil, ts: nil, sequence: "900"))
        }
    }

    @Test("a value that vanishes takes nothing with it")
    func aValueThatVanishesIsWrittenAgain() async throws {
        try await MixedGroup.with { mixed in
            try await mixed.create("s")
            let lease = try await mixed.table.take("s", "one")
            #expect(try await mixed.table.checkpoint([(lease, .at("900"))]) == [.stored])
            _ = try await mixed.store.run(["DEL", "pyredis-\(mixed.group)-s"], isIdempotent: false)
            #expect(try await mixed.table.row("s")?.position == .at("900"))
            #expect(try await mixed.table.acquire("s", owner: "two", for: hour) == .held)
            #expect(try await isMended(mixed, lease, at: "900"))
        }
    }

    @Test("two streams under one name are refused instead of sharing positions")
    func twoStreamsUnderOneNameAreRefused() async throws {
        try await MixedGroup.with { mixed in
            let start = GroupStart(position: .trimHorizon)
            let stored = try await mixed.table.start(proposing: start)
            #expect(stored == start)
            #expect(try await mixed.store.table("orders").start(proposing: start) == start)
            let failure = await #expect(throws: Failure.self) { try await mixed.store.table("payments").start(proposing: start) }
            #expect(failure?.code == "redis_conflict")
            #expect(failure?.message.contains("orders") == true)
        }
    }

    @Test("of 50 challengers of both kinds one gets the shard", arguments: 1...5)
    func challengers(_ round: Int) async throws {
        try await MixedGroup.with { mixed in
            try await mixed.create("s")
            try await mixed.python("zero").deallocate("s", "100")
            let wins: [Bool] = try await withThrowingTaskGroup(of: Bool?.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        if number.isMultiple(of: 2) {
                            return try await mixed.python("p\(number)").allocate("s") == .refused ? nil : false
                        }
                        let outcome = try await mixed.table.acquire("s", owner: "w\(number)", for: hour)
                        if case .acquired = outcome { return true }
                        return nil
                    }
                }
                return try await group.reduce(into: []) { if let win = $1 { $0.append(win) } }
            }
            // Python's own challengers may win twice over each other; one of ours wins alone, or not at all.
            #expect(wins.count { $0 } <= 1)
            if wins.contains(true) { #expect(wins == [true]) }
            #expect(try await mixed.table.row("s")?.position == .at("100"))
        }
    }
}

extension RedisStore {
    /// Values hold whole seconds: a change within one of them is no change to Python.
    fileprivate func waitForNextSecond() async throws {
        func second() async throws -> Int64? {
            try await servers.call([Array("TIME".utf8)], key: nil, isIdempotent: true).elements?.first?.integer
        }
        let now = try await second()
        while try await second() == now { await Task.yield() }
    }
}
