import Checkpoints
import Coordination
import Kinesis
import Leasing
import Records
import TestSupport
import Testing

@Suite("Consumer with enhanced fan-out")
struct FanOutTests {
    private let table: any LeaseTable = MemoryStore().table("orders")
    private static let consumer = StreamConsumer(name: "c", arn: "arn", status: .active)

    private func run(_ stream: FakeStream, _ inbox: Inbox, fallsBack: Bool = false) -> RunningConsumer {
        RunningConsumer(stream, table, inbox) { $0.fanOut = FanOut(consumer: Self.consumer, fallsBackToPolling: fallsBack) }
    }

    private func position(_ shard: String) async throws -> Position? {
        try await table.leases().first { $0.shard == shard }?.position
    }

    @Test("records are pushed in order, and children follow their parents")
    func reads() async throws {
        let stream = FakeStream(shards: ["a", "b"])
        stream.put(1...9, to: "a")
        stream.put(11...19, to: "b")
        let inbox = Inbox()
        let run = run(stream, inbox)
        #expect(await eventually { run.consumer.isIdle && inbox.order.count == 18 })
        stream.add("c", parents: ["a", "b"])
        stream.put([30], to: "c")
        #expect(await eventually { inbox.order.count == 19 })
        #expect(inbox.order.filter { $0 < 10 } == Array(1...9))
        #expect(inbox.order.filter { (10..<20).contains($0) } == Array(11...19))
        #expect(inbox.order.last == 30)
        try await run.end()
        #expect(try await position("a") == .shardEnd)
        #expect(stream.subscriptions == 3)
    }

    @Test("a subscription that is refused for a while is repeated")
    func repeated() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put([1], to: "a")
        stream.trouble(.error(.transient))
        let inbox = Inbox()
        let run = run(stream, inbox)
        #expect(await eventually { inbox.order == [1] })
        try await run.end()
        #expect(stream.subscriptions == 2)
    }

    @Test("a refusal for good is an error, or polling takes over: as the configuration says", arguments: [false, true])
    func refused(fallsBack: Bool) async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put([1, 2], to: "a")
        stream.trouble(.error(.accessDenied))
        let inbox = Inbox()
        let run = run(stream, inbox, fallsBack: fallsBack)
        if fallsBack {
            #expect(await eventually { inbox.order == [1, 2] })
            try await run.end()
        } else {
            await run.failed.wait()
            await #expect { try await run.end() } throws: { ($0 as? KinesisError)?.kind == .accessDenied }
            #expect(inbox.order.isEmpty)
        }
    }

    @Test("a drain ends a subscription that has nothing to say")
    func drain() async throws {
        let stream = FakeStream(shards: ["a"])
        stream.put(1...3, to: "a")
        let inbox = Inbox()
        let run = run(stream, inbox)
        #expect(await eventually { inbox.order.count == 3 })
        try await run.end()
        #expect(try await position("a") == .sequence(SequenceNumber(103), subSequence: nil))
    }
}
