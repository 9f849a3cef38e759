import NIOCore
import Records
import Synchronization

/// One request and whoever waits for its reply. It ends once: with the reply, an error, its deadline, or the end of the task that waits.
final class Exchange: Sendable {
    private struct State {
        var waiter: CheckedContinuation<TransportReply, any Error>?
        var outcome: Result<TransportReply, TransportError>?
        var connection: HTTPConnection?
        var deadline: Scheduled<Void>?
    }

    let request: TransportRequest
    private let state = Mutex(State())

    init(_ request: TransportRequest) {
        self.request = request
    }

    var isOver: Bool { state.withLock { $0.outcome != nil } }

    func reply() async throws -> TransportReply {
        try await withCheckedThrowingContinuation { waiter in
            let outcome = state.withLock { state in
                if state.outcome == nil { state.waiter = waiter }
                return state.outcome
            }
            if let outcome { waiter.resume(with: outcome.mapError { $0 as any Error }) }
        }
    }

    /// Lets the deadline pass on this loop, where it did not begin elsewhere.
    func startDeadline(on loop: any EventLoop) {
        guard state.withLock({ $0.deadline == nil && $0.outcome == nil }) else { return }
        let deadline = loop.scheduleTask(in: .nanoseconds(request.timeout.wholeNanoseconds)) { self.abort(.timeout) }
        state.withLock { $0.deadline = deadline }
    }

    /// It goes over this connection. False where it has ended meanwhile.
    func begin(on connection: HTTPConnection) -> Bool {
        state.withLock { state in
            guard state.outcome == nil else { return false }
            state.connection = connection
            return true
        }
    }

    func end(_ outcome: Result<TransportReply, TransportError>) {
        let ended = state.withLock { state -> State? in
            guard state.outcome == nil else { return nil }
            state.outcome = outcome
            defer { (state.waiter, state.connection, state.deadline) = (nil, nil, nil) }
            return state
        }
        guard let ended else { return }
        ended.deadline?.cancel()
        ended.waiter?.resume(with: outcome.mapError { $0 as any Error })
    }

    /// Ends it without a reply, and with it a connection on which one may still come.
    func abort(_ error: TransportError) {
        let connection = state.withLock { $0.connection }
        end(.failure(error))
        connection?.close()
    }
}
