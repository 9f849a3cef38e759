import Coordination
import Logging
import Records
import Synchronization
import Testing

@testable import Kinesis

@Suite(.timeLimit(.minutes(1))) struct ProducerTests {
    private final class Acknowledged: Sendable {
        private let list = Mutex<[Int]>([])
        var tokens: [Int] { list.withLock { $0 } }
        func append(_ tokens: [Int]) { list.withLock { $0 += tokens } }
    }

    private let acknowledged = Acknowledged()

    private func producer(
        _ transport: FakePutRecords, _ change: (inout ProducerConfiguration) -> Void = { _ in }
    ) -> Producer<Int> {
        var configuration = ProducerConfiguration()
        configuration.bufferTime = .milliseconds(1)
        change(&configuration)
        let acknowledged = acknowledged
        return Producer(
            stream: .name("orders"), transport: transport, configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onAcknowledged: { acknowledged.append($0) })
    }

    private func entries(_ tokens: some Sequence<Int>, keys: Int = .max) throws -> [ProducerEntry<Int>] {
        try tokens.map { try ProducerEntry(data: [UInt8(truncatingIfNeeded: $0)], partitionKey: "\($0 % keys)", token: $0) }
    }

    @Test("Everything that was put is stored and acknowledged once, and run returns after finish")
    func drains() async throws {
        let transport = FakePutRecords()
        let producer = producer(transport) { $0.bufferTime = .seconds(3_600) }
        try await producer.put(entries(0..<1_234))
        producer.finish()
        try await producer.run()
        #expect(acknowledged.tokens.sorted() == Array(0..<1_234))
        #expect(transport.stored.count == 1_234)
        #expect(producer.snapshot.pendingRecords == 0 && producer.snapshot.statistics.requests >= 3)
        await #expect(throws: ProducerError.finished) { try await producer.put(data: [], partitionKey: "k", token: 1) }
    }

    @Test("The buffer time sends a record without a flush")
    func bufferTime() async throws {
        let gate = Gate()
        let transport = FakePutRecords(answer: { (_, entries) throws(KinesisError) in
            gate.open()
            return entries.map { _ in FakePutRecords.success }
        })
        let producer = producer(transport)
        async let run: Void = producer.run()
        try await producer.put(data: [1], partitionKey: "k", token: 1)
        await gate.pass()
        producer.finish()
        try await run
        #expect(acknowledged.tokens == [1])
    }

    @Test("Writers wait while the queue is full: there are never more records in it than its limit")
    func backpressure() async throws {
        let high = Mutex(0)
        let pending = Mutex<(@Sendable () -> Int)?>(nil)
        let transport = FakePutRecords(answer: { (_, entries) throws(KinesisError) in
            let now = pending.withLock { $0 }?() ?? 0
            high.withLock { $0 = max($0, now) }
            return entries.map { _ in FakePutRecords.success }
        })
        let producer = producer(transport) {
            $0.maxQueueSize = 7
            $0.bufferTime = .zero
        }
        pending.withLock { $0 = { producer.snapshot.pendingRecords } }
        async let run: Void = producer.run()
        try await withThrowingTaskGroup { group in
            for writer in 0..<5 {
                group.addTask {
                    for token in 0..<40 { try await producer.put(data: [], partitionKey: "\(token)", token: writer * 100 + token) }
                    try await producer.put(entries(writer * 100 + 40..<writer * 100 + 80))
                }
            }
            try await group.waitForAll()
        }
        producer.finish()
        try await run
        #expect(Set(acknowledged.tokens).count == 400 && acknowledged.tokens.count == 400)
        #expect((1...7).contains(high.withLock { $0 }))
    }

    @Test("Bytes are bounded as records are, and one large record is let in when nothing else waits")
    func byteBound() async throws {
        let gate = Gate()
        let transport = FakePutRecords(answer: { (_, entries) throws(KinesisError) in
            await gate.pass()
            return entries.map { _ in FakePutRecords.success }
        })
        let producer = producer(transport) { $0.maxQueueBytes = 10 }
        try await producer.put(data: RecordData(repeatElement(0, count: 100)), partitionKey: "k", token: 1)
        let second = Task { try await producer.put(data: [], partitionKey: "k", token: 2) }
        async let run: Void = producer.run()
        for _ in 0..<100 { await Task.yield() }
        #expect(producer.snapshot.pendingRecords == 1)
        gate.open()
        try await second.value
        producer.finish()
        try await run
        #expect(acknowledged.tokens == [1, 2])
    }

    @Test("A put that is cancelled while it waits leaves no record behind")
    func cancelledPut() async throws {
        let transport = FakePutRecords()
        let producer = producer(transport) { $0.maxQueueSize = 1 }
        try await producer.put(data: [], partitionKey: "k", token: 1)
        let waiting = Task { try await producer.put(data: [], partitionKey: "k", token: 2) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        producer.finish()
        try await producer.run()
        #expect(acknowledged.tokens == [1])
    }

    @Test("What is refused is sent again, and keys keep their order")
    func partialFailures() async throws {
        let transport = FakePutRecords(answer: { (call, entries) throws(KinesisError) in
            if call % 5 == 4 { throw .fake(.timeout) }
            return entries.indices.map { index in
                (index + call) % 3 == 0 ? .failed(code: "InternalFailure", message: "no") : FakePutRecords.success
            }
        })
        let producer = producer(transport) { $0.bufferTime = .zero }
        async let run: Void = producer.run()
        try await producer.put(entries(0..<200, keys: 40))
        producer.finish()
        try await run
        #expect(acknowledged.tokens.sorted() == Array(0..<200))
        for (key, records) in Dictionary(grouping: transport.stored, by: \.partitionKey) {
            let expected = (0..<5).map { UInt8(Int(key)! + $0 * 40) }
            #expect(records.map { $0.data.bytes[0] } == expected)
        }
        #expect(producer.snapshot.statistics.failedRecords > 0 && producer.snapshot.statistics.failedRequests > 0)
    }

    @Test(
        "A fatal error ends run, the put that waits and all later ones, with the same words",
        arguments: [KinesisError.Kind.accessDenied, .notFound, .kms])
    func fatal(kind: KinesisError.Kind) async throws {
        let transport = FakePutRecords(answer: { (_, _) throws(KinesisError) in throw .fake(kind) })
        let producer = producer(transport) { $0.maxQueueSize = 1 }
        try await producer.put(data: [], partitionKey: "k", token: 1)
        let waiting = Task { try await producer.put(data: [], partitionKey: "k", token: 2) }
        let expected = ProducerError.failed(KinesisError.fake(kind).failure)
        await #expect(throws: expected) { try await producer.run() }
        await #expect(throws: expected) { try await waiting.value }
        await #expect(throws: expected) { try await producer.put(data: [], partitionKey: "k", token: 3) }
        #expect(acknowledged.tokens.isEmpty)
    }

    @Test("A stream that does not exist is an error at the first look, before any record")
    func missingStream() async {
        let transport = FakePutRecords(shards: { () throws(KinesisError) in throw .fake(.notFound) })
        let producer = producer(transport)
        await #expect(throws: ProducerError.failed(KinesisError.fake(.notFound).failure)) { try await producer.run() }
    }

    @Test("Records go out although the shards may not be listed")
    func listingDenied() async throws {
        let transport = FakePutRecords(shards: { () throws(KinesisError) in throw .fake(.accessDenied) })
        let producer = producer(transport)
        try await producer.put(entries(0..<10))
        producer.finish()
        try await producer.run()
        #expect(acknowledged.tokens.sorted() == Array(0..<10))
    }

    @Test("Cancelling run cancels its requests and ends the producer")
    func cancelledRun() async throws {
        let gate = Gate()
        let transport = FakePutRecords(answer: { (_, _) throws(KinesisError) in
            gate.open()
            try? await Task.sleep(for: .seconds(3_600))
            throw .fake(.cancelled)
        })
        let producer = producer(transport)
        try await producer.put(data: [], partitionKey: "k", token: 1)
        let run = Task { try await producer.run() }
        await gate.pass()
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
        await #expect(throws: ProducerError.self) { try await producer.put(data: [], partitionKey: "k", token: 2) }
    }

    @Test("A batch with a record that is too large is refused whole")
    func tooLarge() async throws {
        let producer = producer(FakePutRecords()) { $0.maxRecordSize = 100 }
        let large = try ProducerEntry(data: RecordData(repeatElement(0, count: 100)), partitionKey: "k", token: 2)
        await #expect(throws: ProducerError.recordTooLarge(bytes: 101, limit: 100)) { try await producer.put(entries([1]) + [large]) }
        #expect(producer.snapshot.pendingRecords == 0)
    }
}
