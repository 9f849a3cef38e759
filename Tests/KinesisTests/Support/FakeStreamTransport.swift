import NIOCore
import Synchronization

@testable import Kinesis

/// Long replies from a script: the parts of each, one exchange after the other.
final class FakeStreamTransport: StreamTransport {
    enum Exchange: Sendable {
        /// Ends in good order behind these parts.
        case parts([ByteBuffer])
        /// Breaks behind these parts.
        case broken([ByteBuffer], TransportError)
        case refused(TransportReply)
    }

    private let exchanges: Mutex<[Exchange]>
    private let seen = Mutex<[TransportRequest]>([])

    init(_ exchanges: [Exchange]) {
        self.exchanges = Mutex(exchanges)
    }

    var requests: [TransportRequest] { seen.withLock { $0 } }

    func stream(
        _ request: TransportRequest, opened: () -> Void, receive: (ByteBuffer) async throws -> Bool
    ) async throws -> TransportReply? {
        seen.withLock { $0.append(request) }
        let exchange = exchanges.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        switch exchange {
        case .refused(let reply): return reply
        case nil: throw TransportError.connection("there is no further reply")
        case .parts(let parts):
            opened()
            for part in parts where try await !receive(part) { return nil }
            return nil
        case .broken(let parts, let error):
            opened()
            for part in parts where try await !receive(part) { return nil }
            throw error
        }
    }

    func shutdown() async {}
}
