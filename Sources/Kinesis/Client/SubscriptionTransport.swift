import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL
import Records
import Synchronization

/// An exchange whose reply goes on for minutes; tests answer without a network.
protocol StreamTransport: Sendable {
    /// Hands the parts of the reply's body to `receive` as they come, until its end, or until `receive` answers false.
    ///
    /// Answers the whole reply where its status is no success. Throws `TransportError`, or what `receive` throws.
    func stream(
        _ request: TransportRequest, opened: () -> Void, receive: (ByteBuffer) async throws -> Bool
    ) async throws -> TransportReply?
    func shutdown() async
}

/// AsyncHTTPClient for subscriptions: HTTP/2 where TLS agrees on it, HTTP/1.1 elsewhere, apart from the connections of short calls.
///
/// HTTP/2 carries many subscriptions on one connection, but a server limits how many; AsyncHTTPClient would let the next one wait for the
/// end of another, which comes after minutes. So there is a client for every `subscriptionsPerClient` of them.
final class SubscriptionTransport: StreamTransport {
    /// Below the 100 that servers commonly allow on one connection (RFC 9113, section 6.5.2).
    private static let subscriptionsPerClient = 64
    /// A subscription without an event for so long is taken for dead: the service sends one about every five seconds, empty or not.
    private static let longestSilence = TimeAmount.seconds(30)
    private static let longestErrorBody = 64 << 10

    private struct Slot {
        let client: HTTPClient
        var subscriptions: Int
    }

    private struct State {
        var slots: [Slot] = []
        var isShutDown = false
    }

    private let options: HTTPClient.Configuration
    private let state = Mutex(State())

    init(_ configuration: KinesisConfiguration, certificateBundle: String?) throws(Failure) {
        var options = HTTPClient.Configuration()
        options.timeout.connect = .nanoseconds(configuration.connectTimeout.wholeNanoseconds)
        options.timeout.read = Self.longestSilence
        options.redirectConfiguration = .disallow
        options.httpVersion = .automatic
        options.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.subscriptionsPerClient
        options.connectionPool.retryConnectionEstablishment = false
        options.tlsConfiguration = try TLSConfiguration.trusting(certificateBundle)
        self.options = options
    }

    deinit {
        // AsyncHTTPClient stops the process when a client is dropped that still holds connections.
        for slot in state.withLock({ $0.slots }) { slot.client.shutdown { _ in } }
    }

    func shutdown() async {
        let slots = state.withLock { state in
            defer { state.slots = [] }
            state.isShutDown = true
            return state.slots
        }
        for slot in slots { try? await slot.client.shutdown() }
    }

    func stream(
        _ request: TransportRequest, opened: () -> Void, receive: (ByteBuffer) async throws -> Bool
    ) async throws -> TransportReply? {
        let client = try lease()
        defer { giveBack(client) }
        do {
            var outgoing = HTTPClientRequest(url: request.url.text)
            outgoing.method = HTTPMethod(rawValue: request.method)
            outgoing.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
            outgoing.body = .bytes(request.body)
            let response = try await client.execute(outgoing, deadline: .now() + .nanoseconds(request.timeout.wholeNanoseconds))
            guard (200..<300).contains(Int(response.status.code)) else {
                let body = try await response.body.collect(upTo: Self.longestErrorBody)
                return TransportReply(status: Int(response.status.code), headers: response.headers, body: Array(buffer: body))
            }
            opened()
            for try await part in response.body {
                do {
                    if try await !receive(part) { return nil }
                } catch {
                    throw Refusal(reason: error)
                }
            }
            try Task.checkCancellation()
            return nil
        } catch let refusal as Refusal {
            throw refusal.reason
        } catch {
            throw TransportError(error, authority: request.url.authority)
        }
    }

    /// Tells what `receive` threw from what the connection did.
    private struct Refusal: Error {
        var reason: any Error
    }

    private func lease() throws -> HTTPClient {
        try state.withLock { state in
            if state.isShutDown { throw TransportError.cancelled }
            if let index = state.slots.firstIndex(where: { $0.subscriptions < Self.subscriptionsPerClient }) {
                state.slots[index].subscriptions += 1
                return state.slots[index].client
            }
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
            state.slots.append(Slot(client: client, subscriptions: 1))
            return client
        }
    }

    private func giveBack(_ client: HTTPClient) {
        state.withLock { state in
            guard let index = state.slots.firstIndex(where: { $0.client === client }) else { return }
            state.slots[index].subscriptions -= 1
        }
    }
}
