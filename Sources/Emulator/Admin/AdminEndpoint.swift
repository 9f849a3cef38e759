import NIOCore
import NIOHTTP1
import Pipeline

/// `/_kinesis-agent/faults`: reads (GET), exchanges (PUT, a fault file as body) and ends (DELETE) the faults of a running server.
///
/// Only clients on the machine itself are let in: it is no part of the API, and nobody is asked for a signature.
struct AdminEndpoint: Sendable {
    let faults: FaultSwitch

    private static let prefix = "/_kinesis-agent/"
    private static let faultsPath = "/_kinesis-agent/faults"
    private static let yaml = "application/yaml"
    private static let text = "text/plain; charset=utf-8"

    static func serves(_ uri: String) -> Bool { uri.hasPrefix(prefix) }

    func reply(to head: HTTPRequestHead, body: ByteBuffer, from peer: SocketAddress?) -> ServiceReply {
        guard peer?.isLoopback == true else { return Self.message(.forbidden, "Only for clients on this machine.") }
        guard head.uri == Self.faultsPath else { return Self.message(.notFound, "There is \(Self.faultsPath) and nothing else.") }
        switch head.method {
        case .GET:
            return ServiceReply(body: Array((faults.source ?? "faults: []\n").utf8), contentType: Self.yaml)
        case .PUT:
            return exchange(body)
        case .DELETE:
            faults.replace(with: nil)
            return ServiceReply(status: .noContent, body: [], contentType: nil)
        default:
            return Self.message(.methodNotAllowed, "GET, PUT and DELETE are possible.")
        }
    }

    /// 400 with the diagnostics, as the command prints them, where anything is wrong; what was in force stays so then.
    private func exchange(_ body: ByteBuffer) -> ServiceReply {
        let file = PipelineFile(name: "faults", bytes: Array(body.readableBytesView))
        // Nothing is expanded: a request must not read the environment.
        let (configuration, diagnostics) = FaultConfiguration.decode(file)
        guard let configuration else {
            return Self.message(.badRequest, DiagnosticRenderer(files: [file]).render(diagnostics))
        }
        faults.replace(with: configuration)
        return ServiceReply(status: .noContent, body: [], contentType: nil)
    }

    private static func message(_ status: HTTPResponseStatus, _ text: String) -> ServiceReply {
        ServiceReply(status: status, body: Array((text.hasSuffix("\n") ? text : text + "\n").utf8), contentType: Self.text)
    }
}

extension SocketAddress {
    /// 127.0.0.0/8 (RFC 1122, 3.2.1.3) and ::1 (RFC 4291, 2.5.3), also as an IPv4-mapped address.
    fileprivate var isLoopback: Bool {
        guard let address = ipAddress else { return false }
        let mapped = address.hasPrefix("::ffff:") ? String(address.dropFirst(7)) : address
        return mapped.hasPrefix("127.") || address == "::1"
    }
}
