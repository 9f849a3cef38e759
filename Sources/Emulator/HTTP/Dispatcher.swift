import Logging
import NIOCore
import NIOHTTP1

/// Answers one request after the other: finds the operation, checks its input, runs it, and turns whatever fails into AWS's errors.
struct Dispatcher: Sendable {
    let engine: StreamEngine
    let logger: Logger

    func reply(to head: HTTPRequestHead, body: ByteBuffer) async -> ServiceReply {
        guard ServiceRequest.isForService(head) else { return ServiceRequest.unknown }
        do {
            let request = try ServiceRequest(head, body: body)
            let input = try Input(checking: request.body, against: request.operation.input)
            let reply = try await request.operation.run(input, on: engine)
            return ServiceReply(body: reply?.bytes ?? [])
        } catch let error as ServiceError {
            return ServiceReply(error)
        } catch is CancellationError {
            // The server stops, and nobody will read this.
            return ServiceReply(.internalFailure)
        } catch {
            logger.error("A request failed", metadata: ["error": "\(error)"])
            return ServiceReply(.internalFailure)
        }
    }
}
