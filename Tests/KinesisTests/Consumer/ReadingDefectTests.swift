import Checkpoints
import Coordination
import Kinesis
import Leasing
import Records
import TestSupport
import Testing

/// What other readers of Kinesis are known to get wrong, each by a name of its own.
@Suite("Known defects of reading")
struct ReadingDefectTests {
    private let table: any LeaseTable = MemoryStore().table("orders")

    @Test("a request for an iterator that fails does not leave the shard held and unread")
    func iteratorFailure() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put([1], to: "a")
        stream.troubleIterators(.throttled, .transient, .throttled)
        let inbox = Inbox()
        let run = RunningConsumer(stream, table, inbox)
        #expect(await eventually { inbox.order == [1] })
        // Also when one has to be replaced.
        stream.troubleIterators(.throttled)
        stream.trouble(.error(.expiredIterator))
        stream.put([2], to: "a")
        #expect(await eventually { inbox.order == [1, 2] })
        try await run.end()
    }

    @Test("idle shards that rest for an hour do not hold up one that has records")
    func idleShards() async throws {
        let shards = (0..<50).map { "idle-\($0)" }
        let stream = FakeStream(shards: shards + ["busy"])
        stream.put(1...60, to: "busy")
        let inbox = Inbox()
        let run = RunningConsumer(stream, table, inbox) { $0.sleepTimeNoRecords = .seconds(3_600) }
        #expect(await eventually { inbox.order.count == 60 })
        #expect(inbox.order == Array(1...60))
        try await run.end()
    }

    @Test("a full queue makes the reader wait, with a page or two in hand, and drops nothing")
    func fullQueue() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put(1...30, to: "a")
        let inbox = Inbox(isBlocked: true)
        let run = RunningConsumer(stream, table, inbox)
        #expect(await eventually { stream.reads == ShardPoll.mostPagesInHand })
        for _ in 0..<200 { await Task.yield() }
        #expect(stream.reads == ShardPoll.mostPagesInHand)
        // The iterator ends meanwhile.
        stream.trouble(.error(.expiredIterator))
        inbox.gate.open()
        #expect(await eventually { inbox.order.count == 30 })
        #expect(inbox.order == Array(1...30))
        try await run.end()
    }

    @Test("readers together keep to `max_queue_size`, whatever each has in hand")
    func sharedQueue() async throws {
        let shards = (0..<20).map { "s\($0)" }
        let stream = FakeStream(shards: shards)
        for shard in shards { stream.put(1...12, to: shard) }
        let inbox = Inbox(isBlocked: true)
        let run = RunningConsumer(stream, table, inbox) { $0.maxQueueSize = 6 }
        #expect(await eventually { stream.reads >= 2 })
        for _ in 0..<500 { await Task.yield() }
        // Whoever saw room may pass the limit by its page.
        #expect(stream.reads <= 20)
        inbox.gate.open()
        #expect(await eventually { inbox.order.count == 240 })
        try await run.end()
    }

    @Test("an iterator that ends before the first record came does not skip to the tip")
    func expiryAtLatest() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.trouble(.emptyPage, .error(.expiredIterator), .emptyPage, .error(.expiredIterator))
        let inbox = Inbox()
        let run = RunningConsumer(stream, table, inbox) { $0.initialPosition = .latest }
        #expect(await eventually { stream.reads > 4 })
        stream.put([1], to: "a")
        #expect(await eventually { inbox.order == [1] })
        try await run.end()
        #expect(Set(stream.iteratorStarts) == [.timestamp(FakeStream.servedAt - 1_000)])
    }

    @Test("the children of a shard are found where its last page does not name them")
    func hiddenChildren() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.hideChildren()
        stream.put([1], to: "a")
        stream.add("b", parents: ["a"])
        stream.add("c", parents: ["a"])
        stream.put([2], to: "b")
        stream.put([3], to: "c")
        let inbox = Inbox()
        let run = RunningConsumer(stream, table, inbox)
        #expect(await eventually { inbox.order.count == 3 })
        try await run.end()
        #expect(inbox.order.first == 1)
    }

    @Test(
        "an error that trying again cannot help ends the run once, not never",
        arguments: [KinesisError.Kind.accessDenied, .kms, .validation, .invalidSignature])
    func fatal(kind: KinesisError.Kind) async throws {
        let stream = FakeStream(shards: ["a"])
        stream.trouble(.error(kind))
        let run = RunningConsumer(stream, table, Inbox())
        await run.failed.wait()
        await #expect { try await run.end() } throws: { ($0 as? KinesisError)?.kind == kind }
        #expect(stream.reads == 1)
    }
}
