import Leasing
import Records
import Synchronization
import Testing

@testable import Components

@Suite("The queue in front of a sink")
struct BoundedQueueTests {
    private let queue = BoundedQueue<Int>(limit: 2, byteLimit: 100) { $0 }

    @Test("makes writers wait while it has too many elements", arguments: [[1, 2], [100]])
    func full(batch: [Int]) async throws {
        try await queue.put(batch)
        let entered = Latch()
        async let blocked: Void = {
            try await queue.put([3])
            entered.open()
        }()
        // Whoever takes everything finds the first batch alone.
        #expect(await queue.take() == batch)
        try await blocked
        #expect(entered.isOpen)
        #expect(await queue.take() == [3])
    }

    @Test("takes one batch that is larger than itself")
    func oversized() async throws {
        try await queue.put([1, 2, 3, 200])
        #expect(await queue.take() == [1, 2, 3, 200])
    }

    @Test("gives what is left, and then its end")
    func finish() async throws {
        try await queue.put([1])
        queue.finish()
        #expect(await queue.take() == [1])
        #expect(await queue.take() == nil)
    }

    @Test("tells its failure to writers that wait, and to later ones")
    func fail() async throws {
        try await queue.put([1, 2])
        let blocked = Task { try await queue.put([3]) }
        queue.fail(Failure("broken", "it broke"))
        await #expect(throws: Failure.self) { try await blocked.value }
        await #expect(throws: Failure.self) { try await queue.put([4]) }
    }

    @Test("lets a writer go whose task is cancelled")
    func cancelledWriter() async throws {
        try await queue.put([1, 2])
        let writer = Task { try await queue.put([3]) }
        writer.cancel()
        await #expect(throws: CancellationError.self) { try await writer.value }
        #expect(await queue.take() == [1, 2])
    }

    @Test("gives nothing when the reader is cancelled")
    func emptyTake() async {
        let reader = Task { await queue.take() }
        reader.cancel()
        #expect(await reader.value == [])
    }
}

@Suite("The acknowledgements of a batch")
struct DeliveryTests {
    @Test("complete it once, after the last of them and the one who hands it out")
    func complete() {
        let count = Mutex(0)
        let delivery = Delivery { count.withLock { $0 += 1 } }
        delivery.expect(3)
        delivery.acknowledge(2)
        delivery.acknowledge()
        #expect(count.withLock { $0 } == 0)
        delivery.acknowledge()
        #expect(count.withLock { $0 } == 1)
    }

    @Test("are one where every record was filtered")
    func filtered() {
        let isComplete = Latch()
        Delivery { isComplete.open() }.acknowledge()
        #expect(isComplete.isOpen)
    }
}
