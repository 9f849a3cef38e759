import Logging
import NIOCore
import NIOHTTP1

/// Answers one request after the other: finds the operation, checks its input, runs it, and turns whatever fails into AWS's errors.
struct Dispatcher: Sendable {
    let engine: StreamEngine
    let logger: Logger

    /// Checks signatures; nil takes every request.
    var verifier: SignatureVerifier?

    func reply(to head: HTTPRequestHead, body: ByteBuffer) async -> ServiceReply {
        guard let format = ServiceRequest.format(head) else { return ServiceRequest.unknown }
        do {
            let request = try ServiceRequest(head, format, body: body)
            try verifier?.verify(head, body: body, at: engine.now())
            let input = try Input(checking: request.body, against: request.operation.input, format: format)
            return ServiceReply(try await request.operation.run(input, on: engine), format)
        } catch let error as ServiceError {
            return ServiceReply(error, format)
        } catch is CancellationError {
            // The server stops, and nobody will read this.
            return ServiceReply(.internalFailure, format)
        } catch {
            logger.error("A request failed", metadata: ["error": "\(error)"])
            return ServiceReply(.internalFailure, format)
        }
    }
}
