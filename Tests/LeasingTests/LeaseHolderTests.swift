import Checkpoints
import Coordination
import Logging
import Records
import TestSupport
import Testing

@testable import Leasing

@Suite("Lease holder")
struct LeaseHolderTests {
    private let clock = ManualClock()
    private let table: FlakyTable

    init() async throws {
        let clock = clock
        table = FlakyTable(MemoryStore(milliseconds: { clock.milliseconds }).table("s"))
        try await table.create(["a", "b"].map { NewLease(shard: $0, position: .trimHorizon) })
    }

    /// Far longer than any machine stands still: only the tests of deadlines see one pass.
    private static let session = Duration.seconds(3_600)

    /// - Parameter call: how long a call may take; tests of calls that hang make it short.
    private func holder(session: Duration = session, call: Duration = session) -> LeaseHolder {
        var timing = LeaseTiming()
        timing.sessionTimeout = session
        timing.longestCall = call
        timing.heartbeatFrequency = .milliseconds(20)
        timing.checkpointInterval = .milliseconds(10)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return LeaseHolder(table: table, worker: "me", timing: timing, logger: logger)
    }

    private func at(_ number: UInt64) -> Position { .sequence(SequenceNumber(number), subSequence: nil) }

    private func row(_ shard: String) async throws -> Lease {
        try #require(try await table.leases().first { $0.shard == shard })
    }

    private func steal(_ shard: String) async throws {
        let token = try await row(shard).token
        let outcome = try await table.acquire(shard, owner: "thief", for: .seconds(60), stealing: token)
        #expect(outcome != .held)
    }

    /// Runs the holder around `body`, then settles it.
    private func running(
        session: Duration = session, call: Duration = session, _ body: (LeaseHolder, HeldShard) async throws -> Void
    ) async throws {
        let holder = holder(session: session, call: call)
        let shard = try #require(try await holder.acquire("a"))
        let settled = Latch()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await holder.run(until: settled) }
            defer { settled.open() }
            try await body(holder, shard)
        }
    }

    @Test("renews however long the pipeline takes")
    func renews() async throws {
        try await running { holder, shard in
            _ = shard.progress.register(at(1))
            clock.advance(milliseconds: 3_000_000)
            #expect(await eventually { (try? await row("a").remaining == Self.session) ?? false })
            clock.advance(milliseconds: 3_000_000)
            #expect(await eventually { (try? await row("a").remaining == Self.session) ?? false })
            #expect(!shard.stop.isOpen)
        }
    }

    @Test("a store that has given the lease away stops the reader, and gets no position")
    func lost() async throws {
        try await running { holder, shard in
            let ticket = shard.progress.register(at(1))
            table.set(.fails, for: .checkpoint)
            try await steal("a")
            await shard.stop.wait()
            table.set(nil, for: .checkpoint)
            shard.progress.complete(ticket)
            #expect(await !shard.progress.settle(unless: Latch()))
            #expect(holder.count == 0)
        }
        #expect(try await row("a").position == .trimHorizon)
        #expect(try await row("a").owner == "thief")
    }

    @Test("a refused checkpoint is a lost lease too")
    func refusedCheckpoint() async throws {
        try await running { holder, shard in
            table.set(.hangs, for: .renew)
            try await steal("a")
            shard.progress.complete(shard.progress.register(at(1)))
            await shard.stop.wait()
            #expect(shard.progress.isAbandoned)
        }
        #expect(try await row("a").position == .trimHorizon)
    }

    @Test("the deadline passes while the store is out of reach", arguments: [FlakyTable.Trouble.fails, .hangs])
    func deadline(_ trouble: FlakyTable.Trouble) async throws {
        try await running(session: .seconds(1)) { holder, shard in
            table.set(trouble, for: .renew, .checkpoint)
            await shard.stop.wait()
            #expect(shard.progress.isAbandoned)
            #expect(holder.count == 0)
        }
    }

    @Test("a renewal that hangs is given up, and the next one saves the lease")
    func hangingRenewal() async throws {
        try await running(call: .milliseconds(500)) { holder, shard in
            table.set(.hangs, for: .renew)
            let before = table.count(.renew)
            #expect(await eventually { table.count(.renew) > before })
            table.set(nil, for: .renew)
            let hung = table.count(.renew)
            #expect(await eventually { table.count(.renew) > hung })
            #expect(!shard.stop.isOpen)
        }
    }

    @Test("a store that fails does not end renewals: they go on when it is back")
    func failingRenewal() async throws {
        try await running { holder, shard in
            table.set(.fails, for: .renew, .checkpoint)
            let failed = table.count(.renew)
            #expect(await eventually { table.count(.renew) >= failed + 2 })
            table.set(nil, for: .renew, .checkpoint)
            clock.advance(milliseconds: 5_000)
            #expect(await eventually { (try? await row("a").remaining == Self.session) ?? false })
            #expect(!shard.stop.isOpen)
        }
    }

    @Test("a lease that another worker waits for is not prolonged here, so that it is never acted on when it is taken by force")
    func askedFor() async throws {
        try await running(session: .seconds(1)) { holder, shard in
            let isAsked = try await table.requestHandoff("a", from: "me", to: "other", within: .seconds(1))
            #expect(isAsked)
            _ = shard.progress.register(at(1))
            #expect(await eventually { shard.progress.isAbandoned })
        }
    }

    @Test("stores what is acknowledged and nothing beyond")
    func positions() async throws {
        try await running { holder, shard in
            let tickets = (1...3).map { shard.progress.register(at($0)) }
            shard.progress.complete(tickets[0])
            shard.progress.complete(tickets[2])
            #expect(await eventually { (try? await row("a").position == at(1)) ?? false })
            let calls = table.count(.checkpoint)
            shard.progress.complete(tickets[1])
            #expect(await eventually { (try? await row("a").position == at(3)) ?? false })
            #expect(table.count(.checkpoint) == calls + 1)
        }
    }

    @Test("at the end the last positions are stored and the leases free, though the store failed before")
    func end() async throws {
        try await running { holder, shard in
            table.set(.fails, for: .checkpoint)
            let (first, _) = (shard.progress.register(at(1)), shard.progress.register(at(2)))
            shard.progress.complete(first)
            let calls = table.count(.checkpoint)
            #expect(await eventually { table.count(.checkpoint) > calls })
            table.set(nil, for: .checkpoint)
        }
        let row = try await row("a")
        #expect(row.position == at(1))
        #expect(row.owner == nil)
        #expect(try await table.announce(Worker("other"), for: .seconds(1)) == [Worker("other")])
    }

    @Test("a store that hangs does not hold up the end")
    func hangingEnd() async throws {
        try await running(call: .milliseconds(500)) { holder, shard in
            table.set(.hangs, for: .renew, .checkpoint, .release, .withdraw)
            shard.progress.complete(shard.progress.register(at(1)))
            let calls = table.count(.checkpoint)
            #expect(await eventually { table.count(.checkpoint) > calls })
        }
        #expect(table.count(.withdraw) == 0)
        #expect(try await row("a").owner == "me")
    }

    @Test("cancelled, it ends and leaves the lease to its readers")
    func cancelled() async throws {
        let holder = holder()
        let shard = try #require(try await holder.acquire("a"))
        let run = Task { await holder.run(until: Latch()) }
        run.cancel()
        await run.value
        #expect(try await row("a").owner == "me")
        #expect(!shard.progress.isAbandoned)
    }

    @Test("a request stops the reader; the lease goes with what is acknowledged")
    func handover() async throws {
        try await running { holder, shard in
            #expect(try await table.requestHandoff("a", from: "me", to: "other", within: .seconds(60)))
            await shard.stop.wait()
            #expect(holder.isHandingOver(shard))
            #expect(!shard.progress.isAbandoned)
            shard.progress.complete(shard.progress.register(at(7)))
            try await holder.handOver(shard)
            let row = try await row("a")
            #expect(row.position == at(7))
            #expect(row.owner == nil)
            #expect(holder.count == 0)
        }
    }

    @Test("a shard ends with rows for its children; without the lease nothing happens")
    func finish() async throws {
        try await running { holder, shard in
            try await holder.finish(shard, children: [NewLease(shard: "c", position: .trimHorizon, parents: ["a"])])
            #expect(try await row("a").isFinished)
            #expect(try await row("c").parents == ["a"])
            #expect(holder.count == 0)

            let other = try #require(try await holder.acquire("b"))
            try await steal("b")
            try await holder.finish(other, children: [NewLease(shard: "d", position: .trimHorizon)])
            #expect(try await !row("b").isFinished)
            #expect(try await table.leases().count == 3)
        }
    }

    @Test("what is another's, finished or missing is not taken")
    func refused() async throws {
        let holder = holder()
        #expect(try await table.acquire("a", owner: "other", for: .seconds(60), stealing: nil) != .held)
        #expect(try await holder.acquire("a") == nil)
        #expect(try await holder.acquire("z") == nil)
        #expect(holder.count == 0)
    }
}
