import Coordination
import Kinesis
import Leasing
import Logging
import Records
import Synchronization

/// Takes pages in and acknowledges them at once, or when told to.
final class Inbox: ShardPageReceiver {
    private struct State {
        var numbers: [String: [UInt8]] = [:]
        var order: [UInt8] = []
        var resumePoints: [Int] = []
        var held: [(progress: ShardProgress, ticket: Watermark.Ticket)] = []
        var acknowledges = true
        var refused: UInt8?
    }

    private let state = Mutex(State())
    /// Closed: pages wait before they are taken in.
    let gate = Latch()

    init(acknowledges: Bool = true, refusing number: UInt8? = nil, isBlocked: Bool = false) {
        state.withLock { state in
            state.acknowledges = acknowledges
            state.refused = number
        }
        if !isBlocked { gate.open() }
    }

    var order: [UInt8] { state.withLock { $0.order } }
    var resumePoints: [Int] { state.withLock { $0.resumePoints } }

    func receive(_ page: ShardPage) async throws {
        await gate.wait()
        if let resumed = page.resumedAfter { state.withLock { $0.resumePoints.append(resumed.subSequence) } }
        for record in page.records {
            let isRefused = state.withLock { $0.refused == record.data[0] }
            if isRefused { throw KinesisError(.throttled, code: "sink", message: "a sink's own error", operation: "PutRecords") }
            let ticket = page.progress.register(.sequence(record.sequenceNumber, subSequence: nil))
            let acknowledges = state.withLock { state in
                state.order.append(record.data[0])
                if !state.acknowledges { state.held.append((page.progress, ticket)) }
                return state.acknowledges
            }
            if acknowledges { page.progress.complete(ticket) }
        }
    }

    /// Acknowledges the first so many of what is held back, and everything from now on where that is all.
    func acknowledge(_ count: Int? = nil) {
        let due = state.withLock { state in
            defer { state.held.removeFirst(min(count ?? state.held.count, state.held.count)) }
            if count == nil { state.acknowledges = true }
            return Array(state.held.prefix(count ?? state.held.count))
        }
        for (progress, ticket) in due { progress.complete(ticket) }
    }
}

/// A consumer with short intervals, running in a task.
struct RunningConsumer: Sendable {
    let consumer: Consumer
    let draining = Latch()
    let settled = Latch()
    let readingEnded = Latch()
    let failed = Latch()
    private let task: Task<Void, any Error>

    init(
        _ stream: FakeStream, _ table: any LeaseTable, _ inbox: Inbox, worker: String = "one",
        configure: (inout ConsumerConfiguration) -> Void = { _ in }
    ) {
        var configuration = ConsumerConfiguration()
        configuration.sleepTimeNoRecords = .milliseconds(5)
        configuration.shardFetchRate = 1_000
        configuration.leases.heartbeatFrequency = .milliseconds(20)
        configuration.leases.checkpointInterval = .milliseconds(10)
        configure(&configuration)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let consumer = Consumer(
            stream: StreamIdentifier("orders")!, client: stream, table: table, worker: worker, configuration: configuration,
            receiver: inbox, logger: logger)
        self.consumer = consumer
        task = Task { [draining, settled, readingEnded, failed] in
            try await consumer.run(
                draining: draining, settled: settled, onReadingEnded: { readingEnded.open() }, onFailure: { _ in failed.open() })
        }
    }

    /// How it ends by itself.
    func result() async throws { try await task.value }

    /// Drains, settles and waits for the end.
    func end() async throws {
        draining.open()
        await readingEnded.wait()
        settled.open()
        try await task.value
    }

    /// As `kill -9`: nothing is stored or given back.
    func kill() async {
        task.cancel()
        _ = await task.result
    }
}
