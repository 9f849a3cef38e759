import Checkpoints
import Coordination
import Kinesis
import Leasing
import Records
import TestSupport
import Testing

@Suite("Discovery")
struct DiscoveryTests {
    private let table: any LeaseTable = MemoryStore().table("orders")

    private func row(_ shard: String) async throws -> Lease? {
        try await table.leases().first { $0.shard == shard }
    }

    @Test("a stream that was created anew is refused with an explanation, and its positions stay")
    func recreated() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put(1...3, to: "a")
        let first = RunningConsumer(stream, table, Inbox())
        #expect(await eventually { first.consumer.isIdle })
        try await first.end()
        stream.recreate(shards: ["a"])
        let second = RunningConsumer(stream, table, Inbox())
        await #expect { try await second.result() } throws: { ($0 as? Failure)?.code == "stream_recreated" }
        #expect(try await row("a")?.position == .sequence(SequenceNumber(103), subSequence: nil))
    }

    @Test("told to start over, a consumer forgets the old stream and reads all of the new one, also while it runs")
    func startsOver() async throws {
        let stream = FakeStream(shards: ["a", "b"])
        stream.put(1...3, to: "a")
        let inbox = Inbox()
        let run = RunningConsumer(stream, table, inbox) {
            $0.initialPosition = .latest
            $0.onRecreated = .startOver
            $0.discoveryInterval = .milliseconds(50)
        }
        #expect(await eventually { run.consumer.isIdle && inbox.order.count == 3 })
        stream.recreate(shards: ["a"])
        stream.put(4...6, to: "a")
        #expect(await eventually { inbox.order.count == 6 })
        try await run.end()
        #expect(inbox.order == Array(1...6))
        #expect(try await table.leases().map(\.shard) == ["a"])
    }

    @Test("a stream created anew while it is read ends the run with an explanation")
    func recreatedWhileRead() async throws {
        let stream = FakeStream(shards: ["a"])
        let run = RunningConsumer(stream, table, Inbox()) { $0.discoveryInterval = .milliseconds(50) }
        #expect(await eventually { run.consumer.isIdle })
        stream.recreate(shards: ["a"])
        await run.failed.wait()
        await #expect { try await run.end() } throws: { ($0 as? Failure)?.code == "stream_recreated" }
    }

    @Test("a shard that retention has trimmed before it was read ends, and its child is read")
    func vanished() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put(1...3, to: "a")
        stream.add("b", parents: ["a"])
        stream.put(4...5, to: "b")
        try await table.create([NewLease(shard: "a", position: .sequence(SequenceNumber(101), subSequence: nil), hashRange: .all)])
        stream.trim("a")
        let inbox = Inbox()
        let run = RunningConsumer(stream, table, inbox)
        #expect(await eventually { run.consumer.isIdle && inbox.order.count == 2 })
        try await run.end()
        #expect(inbox.order == [4, 5])
        #expect(try await row("a")?.isFinished == true)
    }

    @Test("a child that neither its parent's end nor the listing tells of is found by the hole it leaves")
    func hole() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put([1], to: "a")
        stream.add("b", parents: ["a"])
        stream.put([2], to: "b")
        stream.hide("b")
        let inbox = Inbox()
        let run = RunningConsumer(stream, table, inbox) { $0.leases.heartbeatFrequency = .milliseconds(50) }
        #expect(await eventually { ((try? await row("a"))??.isFinished) ?? false })
        #expect(!run.consumer.isIdle)
        stream.reveal()
        #expect(await eventually { inbox.order == [1, 2] })
        try await run.end()
    }

    @Test("is ready when every shard has an iterator, not before")
    func ready() async throws {
        let stream = FakeStream(shards: ["a", "b"])
        let gate = Latch()
        stream.holdIterators(until: gate)
        let run = RunningConsumer(stream, table, Inbox())
        #expect(await eventually { stream.iteratorStarts.count == 2 })
        #expect(!run.consumer.isReady)
        gate.open()
        #expect(await eventually { run.consumer.isReady })
        try await run.end()
    }

    @Test("a store that forgets everything costs repetitions, not records, though a newcomer begins the group anew")
    func forgetfulStore() async throws {
        let stream = FakeStream(shards: ["a"])
        let inbox = Inbox()
        let run = RunningConsumer(stream, table, inbox) { $0.initialPosition = .timestamp(5) }
        stream.put(1...3, to: "a")
        #expect(await eventually { run.consumer.isIdle && inbox.order.count == 3 })
        _ = try await table.remove(["a"], force: true)
        let stored = try #require(try await table.storedStart())
        let late = GroupStart(position: .timestamp(FakeStream.servedAt * 2), identity: stored.identity)
        _ = try await table.startOver(late, replacing: stored)
        try await table.create([NewLease(shard: "a", position: late.position, hashRange: .all)])
        #expect(await eventually { (try? await table.storedStart()?.position) == .timestamp(5) })
        #expect(await eventually { inbox.order.suffix(3) == [1, 2, 3] && inbox.order.count >= 6 })
        try await run.end()
    }

    @Test("a store that forgets everything is told again what it knew at the last look")
    func restored() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put(1...3, to: "a")
        stream.add("b", parents: ["a"])
        stream.put(4...5, to: "b")
        let inbox = Inbox()
        let store = ForgettingStore()
        let run = RunningConsumer(stream, store, inbox)
        #expect(await eventually { run.consumer.isIdle && inbox.order.count == 5 })
        // Positions are in the store, and at least one look has seen them there.
        let looks = store.looks
        #expect(await eventually { store.looks >= looks + 3 })
        store.forget()
        #expect(await eventually { (try? await store.leases().count == 2) ?? false })
        stream.put([6], to: "b")
        #expect(await eventually { inbox.order.last == 6 })
        try await run.end()
        #expect(inbox.order == Array(1...6))
    }

    @Test("a lease whose acquisition had no answer is not left to expire")
    func stray() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put(1...3, to: "a")
        try await table.create([NewLease(shard: "a", position: .trimHorizon, hashRange: .all)])
        _ = try await table.acquire("a", owner: "one", for: .seconds(600))
        let inbox = Inbox()
        let run = RunningConsumer(stream, table, inbox, worker: "one")
        #expect(await eventually { inbox.order == [1, 2, 3] })
        try await run.end()
    }
}
