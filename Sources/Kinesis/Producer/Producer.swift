public import Coordination
import Leasing
public import Logging
public import Records
import Synchronization

/// Writes records to a stream: gathers them into requests, keeps the order of keys and each shard's limits, and repeats what failed until
/// it is stored. `ProducerState` decides; this makes the calls.
public final class Producer<Token: Sendable>: Sendable {
    struct Waiter {
        var id: UInt64
        var continuation: CheckedContinuation<Void, Never>
    }

    struct Shared {
        var state: ProducerState<Token>
        /// Tasks that wait for room.
        var waiters: [Waiter] = []
        var nextWaiter: UInt64 = 0
        /// When the run loop wakes by itself; nil for never.
        var alarm: MonotonicTime?
        var troubles = TroubleReport()
        var gaugesDue = MonotonicTime.zero
        /// Why the latest listing of shards failed; nil when it did not.
        var listingError: KinesisError.Kind?
    }

    let stream: StreamIdentifier
    let transport: any PutRecordsTransport
    /// As given.
    public let configuration: ProducerConfiguration
    let logger: Logger
    let metrics: ProducerMetrics?
    let onFlushed: (@Sendable (FlushReport<Token>) -> Void)?
    let onAcknowledged: @Sendable ([Token]) -> Void
    let shared: Mutex<Shared>
    let wakeup = Wakeup()
    let firstListing = Latch()

    /// A producer that accepts records at once and sends them while `run` runs.
    ///
    /// - Parameters:
    ///   - metrics: Told of every request; nil for none.
    ///   - split: Takes an aggregate apart that a reshard has cut in two. Without aggregates it is not called.
    ///   - isAbandoned: Whether a record must not be written any more; asked whenever it would be sent. It counts as acknowledged then.
    ///   - onFlushed: Called with what became of each request, from any task; it must not take long.
    ///   - onAcknowledged: Called with the tokens of records once they are stored, each once, from any task.
    public init(
        stream: StreamIdentifier, transport: any PutRecordsTransport, configuration: ProducerConfiguration, logger: Logger,
        metrics: ProducerMetrics? = nil, split: @escaping ProducerState<Token>.Split = { entry, _ in [entry] },
        isAbandoned: (@Sendable (Token) -> Bool)? = nil, onFlushed: (@Sendable (FlushReport<Token>) -> Void)? = nil,
        onAcknowledged: @escaping @Sendable ([Token]) -> Void
    ) {
        self.stream = stream
        self.transport = transport
        self.configuration = configuration
        self.logger = logger
        self.metrics = metrics
        self.onFlushed = onFlushed
        self.onAcknowledged = onAcknowledged
        let seed = UInt64.random(in: .min ... .max)
        shared = Mutex(Shared(state: ProducerState(limits: configuration.limits, seed: seed, split: split, isAbandoned: isAbandoned)))
    }

    /// Accepts a record; waits while the queue is full.
    ///
    /// Throws `ProducerError`: for the record (`concernsRecord`), or once the producer has failed or was told to finish. Throws
    /// `CancellationError` when the task is cancelled while it waits; the record was not accepted then.
    public func put(data: RecordData, partitionKey: String, explicitHashKey: String? = nil, token: Token) async throws {
        try await put([ProducerEntry(data: data, partitionKey: partitionKey, explicitHashKey: explicitHashKey, token: token)])
    }

    /// Accepts records in their order; waits while the queue is full.
    ///
    /// Throws as the other form does. An error that concerns a record comes before any of them is accepted.
    public func put(_ entries: [ProducerEntry<Token>]) async throws {
        let limit = configuration.maxRecordSize
        if let large = entries.first(where: { $0.size > limit }) { throw ProducerError.recordTooLarge(bytes: large.size, limit: limit) }
        var rest = entries[...]
        while true {
            let isAlarmed = try shared.withLock { try $0.accept(&rest, configuration) }
            if isAlarmed { wakeup.fire() }
            guard !rest.isEmpty else { return }
            try await waitForRoom()
        }
    }

    /// Makes everything that has been accepted due now.
    public func flush() {
        shared.withLock { $0.state.flush() }
        wakeup.fire()
    }

    /// Accepts no more records; `run` returns once all are stored.
    public func finish() {
        shared.withLock { $0.state.finish() }
        releaseWaiters()
        wakeup.fire()
    }

    /// Records and bytes accepted and not yet stored, and what has been done so far.
    public var snapshot: (pendingRecords: Int, pendingBytes: Int, statistics: ProducerStatistics) {
        shared.withLock { ($0.state.pendingRecords, $0.state.pendingBytes, $0.state.statistics) }
    }

    /// More records could be under way than there are: nothing is, or fewer wait than there are shards.
    public var isShortOfRecords: Bool { shared.withLock { $0.state.isShortOfRecords } }

    // MARK: - Backpressure

    private func waitForRoom() async throws {
        let id = shared.withLock { shared in
            shared.nextWaiter += 1
            return shared.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGo = shared.withLock { shared -> Bool in
                    if Task.isCancelled || shared.isOpen(configuration) { return true }
                    shared.waiters.append(Waiter(id: id, continuation: continuation))
                    return false
                }
                if mayGo { continuation.resume() }
            }
        } onCancel: {
            let waiter = shared.withLock { shared in
                shared.waiters.firstIndex { $0.id == id }.map { shared.waiters.remove(at: $0).continuation }
            }
            waiter?.resume()
        }
        try Task.checkCancellation()
    }

    /// Lets the tasks go on that wait for room, if there is some; they look again for themselves.
    func releaseWaiters() {
        let waiters = shared.withLock { shared -> [Waiter] in
            guard !shared.waiters.isEmpty, shared.isOpen(configuration) else { return [] }
            defer { shared.waiters = [] }
            return shared.waiters
        }
        for waiter in waiters { waiter.continuation.resume() }
    }
}

extension Producer.Shared {
    /// There is room, or there is an error to be told.
    func isOpen(_ configuration: ProducerConfiguration) -> Bool {
        guard state.failure == nil, !state.isFinishing, state.pendingRecords > 0 else { return true }
        return state.pendingRecords < configuration.maxQueueSize && state.pendingBytes < configuration.maxQueueBytes
    }

    /// Takes as many of `entries` as there is room for; true when the run loop has to wake earlier than it thinks.
    mutating func accept(_ entries: inout ArraySlice<ProducerEntry<Token>>, _ configuration: ProducerConfiguration) throws(ProducerError)
        -> Bool
    {
        let now = MonotonicTime.now()
        while let entry = entries.first, isOpen(configuration) {
            try state.enqueue(entry, now: now)
            entries.removeFirst()
        }
        guard let next = state.nextWakeUp, alarm.map({ next < $0 }) ?? true else { return false }
        alarm = next
        return true
    }
}
