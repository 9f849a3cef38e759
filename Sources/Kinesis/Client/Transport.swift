import NIOCore
import NIOHTTP1

/// One HTTP exchange, as calls and credentials need it; tests answer without a network.
protocol Transport: Sendable {
    func send(_ request: TransportRequest) async throws(TransportError) -> TransportReply
    func shutdown() async
}

struct TransportRequest: Sendable {
    var method: String
    var url: EndpointURL
    var headers: [(name: String, value: String)] = []
    var body = ByteBuffer()
    /// For the whole exchange, the reply's body included.
    var timeout: Duration

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name }?.value
    }
}

struct TransportReply: Sendable {
    var status: Int
    var headers = HTTPHeaders()
    var body: [UInt8] = []

    func header(_ name: String) -> String? { headers.first(name: name) }
}

/// Why there was no reply.
enum TransportError: Error, Hashable {
    case timeout
    case cancelled
    /// No connection, or it broke: a sentence without secrets.
    case connection(String)

    var reason: String {
        switch self {
        case .timeout: "no reply in time"
        case .cancelled: "the call was cancelled"
        case .connection(let reason): reason
        }
    }
}
