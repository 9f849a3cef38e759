import Records
import Wire

/// A running subscription: sends the shard's records as they come, as fast as its client reads them.
struct Subscription: Sendable {
    let engine: StreamEngine
    let ticket: SubscriptionTicket
    let stream: Int64
    let shard: Int64
    /// Where it begins.
    let counter: Int64
    /// How the payloads of events are written.
    let format: WireFormat
    let faults: RequestFaults

    /// Records of one event: bounds what is held in memory for a client that does not read.
    private static let bytesPerEvent = 1 << 20

    /// Sends events until the shard or the subscription's time ends. `send` returns once the client has room for more.
    ///
    /// Throws what `send` throws, and `ConnectionCut` for a fault.
    func run(_ send: ([UInt8]) async throws -> Void) async throws {
        let startedAt = engine.clock.monotonic
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer {
                group.cancelAll()
                engine.subscriptions.end(ticket)
            }
            group.addTask { try? await tick(from: startedAt) }
            try await send(EventFrame.event("initial-response", opening).bytes)
            var state = SubscriptionState(counter: counter, isPaced: engine.quotas.isEnforcing, now: startedAt)
            do {
                try await deliver(&state, send)
            } catch let error as ServiceError {
                try await send(EventFrame.exception(error, format).bytes)
            }
        }
    }

    /// Ends the subscription, as when its client is gone.
    func stop() {
        ticket.waker.finish()
    }

    private func tick(from start: MonotonicTime) async throws {
        var moment = start
        while true {
            moment = moment + SubscriptionState.heartbeat
            try await engine.clock.sleep(until: moment)
            ticket.waker.yield()
        }
    }

    private func deliver(_ state: inout SubscriptionState, _ send: ([UInt8]) async throws -> Void) async throws {
        var wakeups = ticket.wakeups.makeAsyncIterator()
        var mayInjectFaults = true
        while !Task.isCancelled {
            guard engine.subscriptions.holds(ticket) else {
                throw ServiceError.resourceInUse("Another subscription of this consumer to this shard has taken over.")
            }
            switch try await step(&state) {
            case .send(let reading):
                let frame = event(reading)
                if mayInjectFaults, !reading.records.isEmpty {
                    mayInjectFaults = false
                    try await inject(into: frame, send)
                } else {
                    try await send(frame)
                }
            case .wait:
                guard await wakeups.next() != nil else { return }
            case .pause(let moment):
                try await engine.clock.sleep(until: moment)
            case .end:
                return
            }
        }
    }

    private func step(_ state: inout SubscriptionState) async throws -> SubscriptionState.Step {
        if let step = state.permit(now: engine.clock.monotonic) { return step }
        let iterator = ShardIterator(stream: stream, shard: shard, counter: state.counter, issuedAt: engine.now())
        let view = try engine.read { (streams, now) throws(ServiceError) in
            _ = try streams.subscribedStream(ticket.key.consumerARN, at: now)
            return try ShardView(iterator, in: streams, at: now)
        }
        let page = try await engine.store.records(
            shard: shard, from: state.counter, limit: Limits.recordsPerReply, byteLimit: Self.bytesPerEvent)
        return state.take(ShardReading(view, page), now: engine.clock.monotonic)
    }

    private func inject(into frame: [UInt8], _ send: ([UInt8]) async throws -> Void) async throws {
        if faults.outcome == .cut(.body) {
            try await send(Array(frame.prefix(frame.count / 2)))
            throw ConnectionCut()
        }
        var frame = frame
        if faults.isCorrupt { frame[frame.count - 1] ^= 0xff }
        try await send(frame)
    }

    /// An object without members: the operation answers nothing but its events.
    private var opening: ReplyWriter {
        var body = ReplyWriter(format)
        body.object { _ in }
        return body
    }

    /// AWS: SubscribeToShardEvent. Without a continuation the shard has ended.
    private func event(_ reading: ShardReading) -> [UInt8] {
        var body = ReplyWriter(format, capacity: reading.replyCapacity)
        body.object { body in
            body.records(reading)
            if let next = reading.next {
                body.member("ContinuationSequenceNumber", sequence: max(0, next.counter - 1), in: reading.sequences)
            }
            body.member("MillisBehindLatest", Int(reading.millisecondsBehind))
            if !faults.omitsChildren { body.children(reading) }
        }
        return EventFrame.event("SubscribeToShardEvent", body).bytes
    }
}

/// A connection that ends where no protocol says that it may.
struct ConnectionCut: Error {}
