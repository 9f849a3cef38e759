import Logging
import NIOCore
import NIOHTTP1
import Records

/// Answers one request after the other: finds the operation, checks its input, runs it, and turns whatever fails into AWS's errors.
struct Dispatcher: Sendable {
    let engine: StreamEngine
    let faults: FaultSwitch
    let requestIDs: RequestIDs
    let logger: Logger
    /// Checks signatures; nil takes every request.
    var verifier: SignatureVerifier?

    /// `peer` is where the request comes from.
    func answer(_ head: HTTPRequestHead, body: ByteBuffer, from peer: SocketAddress?) async -> Answer {
        if AdminEndpoint.serves(head.uri) { return .reply(AdminEndpoint(faults: faults).reply(to: head, body: body, from: peer)) }
        guard let format = ServiceRequest.format(head) else { return .reply(ServiceRequest.unknown) }
        do {
            let request = try ServiceRequest(head, format, body: body)
            try verifier?.verify(head, body: body, at: engine.now())
            var input = try Input(checking: request.body, against: request.operation.input, format: format)
            input.faults = try admit(request.operation, input)
            return try await answer(request.operation, input)
        } catch let error as ServiceError {
            return .reply(ServiceReply(error, format))
        } catch is CancellationError {
            // The server stops, and nobody will read this.
            return .reply(ServiceReply(.internalFailure, format))
        } catch {
            logger.error("A request failed", metadata: ["error": "\(error)"])
            return .reply(ServiceReply(.internalFailure, format))
        }
    }

    /// The faults that happen to a request. Throws LimitExceededException for one too many.
    private func admit(_ operation: any ServiceOperation.Type, _ input: Input) throws(ServiceError) -> RequestFaults {
        let namesShards = faults.namesShards
        guard engine.quotas.isEnforcing || namesShards != nil else { return RequestFaults() }
        let target = RequestTarget(operation, input, on: engine, includesPuts: namesShards ?? false)
        try engine.quotas.admit(target, account: engine.accountID)
        return faults.decide(target)
    }

    /// Runs the operation unless a fault says otherwise.
    private func answer(_ operation: any ServiceOperation.Type, _ input: Input) async throws -> Answer {
        if input.faults.latency > .zero { try await engine.clock.sleep(until: engine.clock.monotonic + input.faults.latency) }
        switch input.faults.outcome {
        case .error(let error): throw ServiceError(injected: error.code, status: error.status)
        case .timeout(.notApplied): return .silence
        case .cut(.before): return .hangUp
        case .timeout(.applied), .cut, nil: break
        }
        let answer = try await run(operation, input)
        switch (input.faults.outcome, answer) {
        case (.timeout, _): return .silence
        case (.cut(.after), _): return .hangUp
        case (.cut(.body), .reply(let reply)): return .cutReply(reply)
        default: return answer
        }
    }

    private func run(_ operation: any ServiceOperation.Type, _ input: Input) async throws -> Answer {
        switch operation {
        case let operation as any Operation.Type:
            return .reply(ServiceReply(try await operation.run(input, on: engine), input.format))
        case let operation as any EventStreamOperation.Type:
            return .events(try await operation.subscribe(input, on: engine))
        default:
            preconditionFailure("\(operation) answers neither with a body nor with events")
        }
    }
}
