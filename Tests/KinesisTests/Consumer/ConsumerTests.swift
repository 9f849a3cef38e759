import Checkpoints
import Coordination
import Kinesis
import Leasing
import Records
import TestSupport
import Testing

@Suite("Consumer")
struct ConsumerTests {
    private let clock = ManualClock()
    private let table: any LeaseTable

    init() {
        let clock = clock
        table = MemoryStore(milliseconds: { clock.milliseconds }).table("orders")
    }

    private func position(_ shard: String) async throws -> Position? {
        try await table.leases().first { $0.shard == shard }?.position
    }

    @Test("reads every shard in order, through throttles, expired iterators and empty pages")
    func reads() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put(1...9, to: "a")
        stream.trouble(.emptyPage, .error(.throttled), .error(.expiredIterator), .emptyPage)
        let inbox = Inbox()
        let run = RunningConsumer(stream, table, inbox)
        #expect(await eventually { inbox.order.count >= 3 })
        stream.trouble(.error(.expiredIterator), .error(.expiredIterator), .error(.transient))
        #expect(await eventually { run.consumer.isIdle && inbox.order.count == 9 })
        try await run.end()
        #expect(inbox.order == Array(1...9))
        #expect(try await position("a") == .sequence(SequenceNumber(109), subSequence: nil))
    }

    @Test("a merge's child is read only when both parents are read and acknowledged")
    func merge() async throws {
        let stream = FakeStream(shards: ["a", "b"])
        stream.put([1], to: "a")
        stream.put([2], to: "b")
        stream.add("c", parents: ["a", "b"])
        stream.put([3], to: "c")
        let inbox = Inbox(acknowledges: false)
        let run = RunningConsumer(stream, table, inbox)
        #expect(await eventually { inbox.order.count == 2 })
        inbox.acknowledge(1)
        #expect(await eventually { ((try? await table.leases()) ?? []).count { $0.isFinished } == 1 })
        #expect(!run.consumer.isIdle)
        #expect(inbox.order.count == 2)
        inbox.acknowledge()
        #expect(await eventually { run.consumer.isIdle && inbox.order.count == 3 })
        try await run.end()
        #expect(inbox.order.last == 3)
        #expect(try await position("a") == .shardEnd)
    }

    @Test("goes on behind the stored position, also inside an aggregate")
    func resumes() async throws {
        let stream = FakeStream(shards: ["a", "b"])
        stream.put([1, 2], to: "a")
        stream.put([3, 4], to: "b")
        try await table.create([
            NewLease(shard: "a", position: .sequence(SequenceNumber(101), subSequence: nil)),
            NewLease(shard: "b", position: .sequence(SequenceNumber(104), subSequence: 5)),
        ])
        let inbox = Inbox()
        let run = RunningConsumer(stream, table, inbox)
        #expect(await eventually { run.consumer.isIdle })
        try await run.end()
        #expect(inbox.order.sorted() == [2, 4])
        #expect(inbox.resumePoints == [5])
    }

    @Test("a drain stores what is acknowledged, and does not wait for the rest before it says that reading has ended")
    func drain() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put(1...3, to: "a")
        stream.add("c", parents: ["a"])
        let inbox = Inbox(acknowledges: false)
        let run = RunningConsumer(stream, table, inbox)
        #expect(await eventually { inbox.order.count == 3 })
        inbox.acknowledge(2)
        try await run.end()
        #expect(try await position("a") == .sequence(SequenceNumber(102), subSequence: nil))
        #expect(try await table.leases().allSatisfy { $0.owner == nil })
    }

    @Test("a newcomer gets its share without a record lost or read twice")
    func handover() async throws {
        let stream = FakeStream(shards: ["a", "b", "c", "d"])
        for shard in ["a", "b", "c", "d"] { stream.put(1...5, to: shard) }
        let (first, second) = (Inbox(), Inbox())
        let one = RunningConsumer(stream, table, first, worker: "one")
        #expect(await eventually { one.consumer.isIdle })
        let two = RunningConsumer(stream, table, second, worker: "two")
        #expect(await eventually { ((try? await table.leases()) ?? []).count { $0.owner == "two" } == 2 })
        for shard in ["a", "b", "c", "d"] { stream.put(6...9, to: shard) }
        #expect(await eventually { first.order.count + second.order.count == 36 })
        try await one.end()
        #expect(await eventually { ((try? await table.leases()) ?? []).allSatisfy { $0.owner == "two" } })
        try await two.end()
        #expect((first.order + second.order).sorted() == (1...9).flatMap { Array(repeating: UInt8($0), count: 4) })
    }

    @Test("what a dead consumer had not acknowledged is read again by the next")
    func takeover() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put(1...6, to: "a")
        let first = Inbox(acknowledges: false)
        let one = RunningConsumer(stream, table, first, worker: "one")
        #expect(await eventually { first.order.count == 6 })
        first.acknowledge(2)
        #expect(await eventually { (try? await position("a")) == .sequence(SequenceNumber(102), subSequence: nil) })
        await one.kill()
        let second = Inbox()
        let two = RunningConsumer(stream, table, second, worker: "two")
        #expect(!two.consumer.isIdle)
        clock.advance(milliseconds: 60_000)
        #expect(await eventually { second.order.count == 4 })
        try await two.end()
        #expect(second.order == [3, 4, 5, 6])
    }

    @Test("a receiver's failure is told at once, thrown at the end, and the position is right before it")
    func failure() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put(1...6, to: "a")
        let inbox = Inbox(refusing: 5)
        let run = RunningConsumer(stream, table, inbox)
        await run.failed.wait()
        await #expect(throws: KinesisError.self) { try await run.end() }
        // A sink's error looks like a read that can be repeated: it must not be taken for one.
        #expect(inbox.order == [1, 2, 3, 4])
        #expect(try await position("a") == .sequence(SequenceNumber(104), subSequence: nil))
    }

    @Test("a read that cannot succeed surfaces", arguments: [KinesisError.Kind.notFound, .accessDenied, .validation])
    func fatal(_ kind: KinesisError.Kind) async throws {
        let stream = FakeStream(shards: ["a"])
        stream.trouble(.error(kind))
        let run = RunningConsumer(stream, table, Inbox())
        await run.failed.wait()
        #expect(!run.consumer.isIdle)
        await #expect { try await run.end() } throws: { ($0 as? KinesisError)?.kind == kind }
    }

    @Test("a receiver that blocks does not stop renewals")
    func blocked() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put([1], to: "a")
        let inbox = Inbox(isBlocked: true)
        let run = RunningConsumer(stream, table, inbox)
        #expect(await eventually { stream.reads >= 1 })
        for _ in 0..<3 {
            clock.advance(milliseconds: 50_000)
            #expect(await eventually { (try? await table.leases().first?.remaining == .seconds(60)) ?? false })
        }
        #expect(!run.consumer.isIdle)
        inbox.gate.open()
        #expect(await eventually { run.consumer.isIdle })
        try await run.end()
    }

    @Test("a lost lease whose deliveries never end does not hold up the end, nor store a position")
    func lost() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put(1...3, to: "a")
        stream.add("c", parents: ["a"])
        let inbox = Inbox(acknowledges: false)
        let run = RunningConsumer(stream, table, inbox)
        #expect(await eventually { inbox.order.count == 3 })
        let row = try #require(try await table.leases().first { $0.shard == "a" })
        guard case .acquired(let stolen, _) = try await table.acquire("a", owner: "thief", for: .seconds(600), stealing: row.token) else {
            Issue.record("the lease was not stolen")
            return
        }
        try await table.release([stolen])
        // Taken again by a new reader: the old one is gone although nothing that it gave was acknowledged.
        #expect(await eventually { inbox.order.count == 6 })
        inbox.acknowledge(3)
        try await run.end()
        #expect(inbox.order == [1, 2, 3, 1, 2, 3])
        #expect(try await position("a") == .trimHorizon)
    }

    @Test("children born after a start at LATEST are read from that moment too, not from theirs")
    func latestChildren() async throws {
        let stream = FakeStream(shards: ["a"])
        let inbox = Inbox()
        let run = RunningConsumer(stream, table, inbox) { $0.initialPosition = .latest }
        #expect(await eventually { run.consumer.isReady })
        stream.put([1], to: "a")
        stream.add("b", parents: ["a"])
        stream.put([2, 3], to: "b")
        #expect(await eventually { inbox.order == [1, 2, 3] })
        try await run.end()
        #expect(stream.iteratorStarts == Array(repeating: .timestamp(FakeStream.servedAt - 1_000), count: 2))
    }

    @Test("LATEST is a moment by the service's clock, a little before the first start, and is resolved once")
    func latest() async throws {
        let stream = FakeStream(shards: ["a"])
        let first = RunningConsumer(stream, table, Inbox()) { $0.initialPosition = .latest }
        #expect(await eventually { first.consumer.isIdle })
        try await first.end()
        #expect(stream.iteratorStarts == [.timestamp(FakeStream.servedAt - 1_000)])
        #expect(try await table.start(proposing: GroupStart(position: .trimHorizon)).position == .timestamp(FakeStream.servedAt - 1_000))
    }
}
